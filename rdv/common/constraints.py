"""Helpers to write constraints once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import CheckConstraint, Choices, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def optional_choices_constraint(name: str, field: str, choices: type[Choices]) -> CheckConstraint:
    """Return the check that `field` is empty or holds one of `choices`."""
    return CheckConstraint(
        name=name,
        condition=Q(**{f"{field}__in": ("", *choices.values)}),
        violation_error_message=_("Cette valeur n’est pas prévue."),
    )


def choices_constraint(
    name: str, field: str, choices: type[Choices], message: str | _StrPromise | None = None
) -> CheckConstraint:
    """Return the check that `field` holds one of `choices`, whatever wrote it."""
    return CheckConstraint(
        name=name,
        condition=Q(**{f"{field}__in": tuple(choices.values)}),
        violation_error_message=message or _("Cette valeur n’est pas prévue."),
    )
