"""Write a row, and say a constraint that refuses it in the words of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction

from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import Model


class InvalidRow(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """The row breaks a rule. `errors` maps a field ("" for the whole row) to messages."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(" ".join(message for found in errors.values() for message in found))
        self.errors = errors


def save_checked(row: Model, *, without: Collection[str] = ()) -> None:
    """Validate and save `row`. Raises InvalidRow; another error of the database goes through.

    `without` names fields that the caller has checked better than the model would. The constraint
    is checked twice: before, to name the field; by the database, for the race.
    """
    try:
        row.full_clean(exclude=set(without))
    except ValidationError as error:
        raise invalid_row(error) from error
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        message = constraint_message(row, error)
        if message is None:
            raise
        raise InvalidRow({"": [message]}) from error


def invalid_row(error: ValidationError) -> InvalidRow:
    """Return what the model refused, by field."""
    return InvalidRow(
        {
            "" if name == NON_FIELD_ERRORS else name: [str(message) for message in messages]
            for name, messages in error.message_dict.items()
        }
    )


def constraint_message(row: Model, error: IntegrityError) -> str | None:
    """Return what the constraint that failed says, or None when it is not the model's."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    for constraint in row._meta.constraints:
        if constraint.name == name:
            return str(constraint.violation_error_message)
    return None
