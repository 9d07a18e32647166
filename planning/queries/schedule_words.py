"""A row of the planning, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning.rules.recurrence_words import recurrence_words

if TYPE_CHECKING:
    from planning.models import Recurring


def words_of(row: Recurring, days: int = 0) -> str:
    """Return the rule of a plage or of an indisponibilité, whose first one lasts `days` nights."""
    return recurrence_words(
        first_day=row.first_day,
        start=row.start_time,
        end=row.end_time,
        days=days,
        frequency=row.frequency,
        interval=row.interval,
        weekdays=row.weekdays,
        rank=row.month_rank,
        until=row.recurrence_ends_on,
    )
