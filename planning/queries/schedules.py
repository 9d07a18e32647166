"""Rows of the planning -> schedules of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning.slots.types import Change, Frequency, Recurrence, Schedule

if TYPE_CHECKING:
    from planning.models import Indisponibilite, PlageOuverture
    from planning.models.recurrence import Recurring


def rule_of(row: Recurring) -> Recurrence:
    """Return the days of a plage or of an indisponibilité, exceptions apart."""
    return Recurrence(
        first_day=row.first_day,
        frequency=Frequency(row.frequency),
        interval=row.interval,
        weekdays=frozenset(row.weekdays),
        rank=row.month_rank,
        until=row.recurrence_ends_on,
    )


def plage_schedule(plage: PlageOuverture) -> Schedule:
    """Return when the plage opens; reads `plage.exceptions`, which lists should prefetch.

    A plage that is not saved yet has none.
    """
    exceptions = plage.exceptions.all() if plage.pk else ()
    return Schedule(
        rule=rule_of(plage),
        start=plage.start_time,
        end=plage.end_time,
        excluded=frozenset(e.day for e in exceptions if e.new_day is None),
        changed=tuple(
            Change(e.day, e.new_day, e.new_start_time, e.new_end_time)
            for e in exceptions
            if e.new_day and e.new_start_time and e.new_end_time
        ),
    )


def indisponibilite_schedule(row: Indisponibilite) -> Schedule:
    """Return when the agent is away; reads `row.exceptions`, which lists should prefetch."""
    exceptions = row.exceptions.all()
    return Schedule(
        rule=rule_of(row),
        start=row.start_time,
        end=row.end_time,
        days=(row.end_day - row.first_day).days,
        excluded=frozenset(e.day for e in exceptions if e.new_day is None),
        changed=tuple(
            Change(
                e.day,
                e.new_day,
                e.new_start_time,
                e.new_end_time,
                (e.new_end_day - e.new_day).days,
            )
            for e in exceptions
            if e.new_day and e.new_start_time and e.new_end_time and e.new_end_day
        ),
    )
