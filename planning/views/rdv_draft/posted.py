"""What a page posts to begin a RDV, as rows that the agent may use; the rest is left out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from django.db.models import Model, QuerySet

M = TypeVar("M", bound="Model")

FIRST_YEAR, LAST_YEAR = 2018, 2100


def row_of(rows: QuerySet[M], value: str | None) -> M | None:
    """Return the row of that uuid among `rows`, which the policies gave."""
    try:
        return rows.filter(uuid=UUID(value or "")).first()
    except ValueError:
        return None


def rows_of(rows: QuerySet[M], values: list[str]) -> list[M]:
    found = (row_of(rows, value) for value in values)
    return [row for row in found if row is not None]


def instant_of(value: str | None, zone: ZoneInfo) -> datetime | None:
    """Return the instant of an ISO 8601 text; without an offset, the clock of `zone`."""
    try:
        moment = datetime.fromisoformat(value or "")
    except ValueError:
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return moment.replace(tzinfo=moment.tzinfo or zone).astimezone(UTC)
