"""Rows of plages and indisponibilités -> instants, through the engine's own recurrence."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from planning.models import Indisponibilite
from planning.slots.holidays import holidays_between
from planning.slots.recurrence import expand
from planning.slots.types import Change, Frequency, Interval, Recurrence, Schedule
from rdv.demo.world import Absence, Opening

if TYPE_CHECKING:
    from planning.models import Recurring
    from rdv.demo.world import World

DAYS_BEFORE = 90
DAYS_AFTER = 45


def rule_of(row: Recurring) -> Recurrence:
    return Recurrence(
        first_day=row.first_day,
        frequency=Frequency(row.frequency),
        interval=row.interval,
        weekdays=frozenset(row.weekdays),
        rank=row.month_rank,
        until=row.recurrence_ends_on,
    )


def window(world: World) -> Interval:
    """Return the time in which the demonstration has RDVs."""
    start = datetime.combine(world.today, time(), world.now.tzinfo)
    return Interval(start - timedelta(days=DAYS_BEFORE), start + timedelta(days=DAYS_AFTER))


def absences(world: World) -> list[Absence]:
    rows = Indisponibilite.objects.select_related("territoire").prefetch_related("exceptions")
    found = []
    for row in rows.order_by("pk"):
        schedule = Schedule(
            rule=rule_of(row),
            start=row.start_time,
            end=row.end_time,
            days=(row.end_day - row.first_day).days,
            excluded=frozenset(e.day for e in row.exceptions.all()),
        )
        spans = expand(schedule, window(world), row.territoire.zone)
        found += [Absence(row.agent_id, span.start, span.end) for span in spans]
    return found


def openings(world: World) -> list[Opening]:
    """Return the occurrences of every plage, public holidays left out, in order of plage."""
    span = window(world)
    found = []
    for plage in world.plages:
        territoire = plage.organisation.territoire
        closed = holidays_between(territoire.holiday_zone, span.start.date(), span.end.date())
        exceptions = plage.exceptions.all()
        schedule = Schedule(
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
        found += [
            Opening(plage, occurrence.start.date(), occurrence.start, occurrence.end)
            for occurrence in expand(schedule, span, territoire.zone)
            if occurrence.start.date() not in closed
        ]
    return found
