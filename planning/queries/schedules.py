"""From rows to the values of the slot engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning.rules.recurrence_words import recurrence_words
from planning.slots.types import Change, Frequency, Recurrence, Schedule

if TYPE_CHECKING:
    from planning.models import Indisponibilite, PlageOuverture, Recurring


def plage_schedule(plage: PlageOuverture) -> Schedule:
    """Return the schedule of a plage; reads its `exceptions` (prefetch them for a list)."""
    exceptions = plage.exceptions.all() if plage.pk else ()
    return Schedule(
        rule=recurrence_of(plage),
        start=plage.start_time,
        end=plage.end_time,
        excluded=frozenset(row.day for row in exceptions if row.new_day is None),
        changed=tuple(
            Change(row.day, row.new_day, row.new_start_time, row.new_end_time)
            for row in exceptions
            if row.new_day and row.new_start_time and row.new_end_time
        ),
    )


def indisponibilite_schedule(row: Indisponibilite) -> Schedule:
    """Return the schedule of an indisponibilité; reads its `exceptions`."""
    exceptions = row.exceptions.all() if row.pk else ()
    return Schedule(
        rule=recurrence_of(row),
        start=row.start_time,
        end=row.end_time,
        days=(row.end_day - row.first_day).days,
        excluded=frozenset(change.day for change in exceptions if change.new_day is None),
        changed=tuple(
            Change(
                change.day,
                change.new_day,
                change.new_start_time,
                change.new_end_time,
                (change.new_end_day - change.new_day).days,
            )
            for change in exceptions
            if change.new_day
            and change.new_start_time
            and change.new_end_day
            and change.new_end_time
        ),
    )


def recurrence_of(row: Recurring) -> Recurrence:
    return Recurrence(
        first_day=row.first_day,
        frequency=Frequency(row.frequency),
        interval=row.interval,
        weekdays=frozenset(row.weekdays),
        rank=row.month_rank,
        until=row.recurrence_ends_on,
    )


def words_of(row: Recurring, days: int = 0) -> str:
    """Return the rule of a plage or of an indisponibilité in words."""
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
