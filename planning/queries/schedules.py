"""Rows of the planning -> schedules of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from planning.slots.types import Change, Frequency, Recurrence, Schedule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, time

    from planning.models import (
        Indisponibilite,
        IndisponibiliteException,
        PlageException,
        PlageOuverture,
    )


class RuleColumns(Protocol):
    """What says when something repeats: a model, or a tuple of the same names."""

    @property
    def first_day(self) -> date: ...
    @property
    def start_time(self) -> time: ...
    @property
    def end_time(self) -> time: ...
    @property
    def frequency(self) -> str: ...
    @property
    def interval(self) -> int: ...
    @property
    def weekdays(self) -> Sequence[int]: ...
    @property
    def month_rank(self) -> int | None: ...
    @property
    def recurrence_ends_on(self) -> date | None: ...


class AbsenceColumns(RuleColumns, Protocol):
    @property
    def end_day(self) -> date: ...


def rule_of(row: RuleColumns) -> Recurrence:
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
    return opening_schedule(plage, plage.exceptions.all() if plage.pk else ())


def opening_schedule(row: RuleColumns, exceptions: Iterable[PlageException]) -> Schedule:
    return Schedule(
        rule=rule_of(row),
        start=row.start_time,
        end=row.end_time,
        excluded=frozenset(e.day for e in exceptions if e.new_day is None),
        changed=tuple(
            Change(e.day, e.new_day, e.new_start_time, e.new_end_time)
            for e in exceptions
            if e.new_day and e.new_start_time and e.new_end_time
        ),
    )


def indisponibilite_schedule(row: Indisponibilite) -> Schedule:
    """Return when the agent is away; reads `row.exceptions`, which lists should prefetch."""
    return absence_schedule(row, row.exceptions.all())


def absence_schedule(
    row: AbsenceColumns, exceptions: Iterable[IndisponibiliteException]
) -> Schedule:
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
