"""Fetch a row and authorise at once: the only way a view obtains a single row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model, QuerySet

M = TypeVar("M", bound="Model")


def get_or_deny(
    policy: Callable[[Any, Any], QuerySet[M]], actor: object, permission: Any, **lookup: object
) -> M:
    """Return the row that `actor` may touch with `permission`.

    Raises Http404 when the actor may not know that it exists, PermissionDenied (403) when they
    may read it but not do this (decision 14). The permission to read is derived from the other:
    `rdv:cancel` -> `rdv:read`.
    """
    try:
        row = policy(actor, permission).filter(**lookup).first()
        if row is not None:
            return row
        read = permission.to_read()
        if read is not permission and policy(actor, read).filter(**lookup).exists():
            raise PermissionDenied
    except (ValueError, ValidationError) as error:  # a malformed identifier
        raise Http404 from error
    raise Http404
