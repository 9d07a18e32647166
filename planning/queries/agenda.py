"""What stands in an agent's agenda, as one person may see it (E01, E09, E13, decision 8).

One module for the page and for the feed of the calendar: they cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from agents.permissions import Permission
from planning.models import (
    AgentRdv,
    Frequency,
    Indisponibilite,
    IndisponibiliteException,
    PlageException,
)
from planning.policies import indisponibilites_for, plages_for, rdvs_for
from planning.queries.schedules import indisponibilite_schedule, plage_schedule
from planning.rules.status import CANCELLED
from planning.slots.holidays import holiday_names
from planning.slots.recurrence import expand
from planning.slots.types import Interval
from rdv.common.timezones import day_bounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from agents.models import Agent, Territoire
    from agents.permissions import Actor
    from planning.models import PlageOuverture, Rdv

MAX_DAYS = 45
LONGEST_RECURRING_ABSENCE = timedelta(days=366)


@dataclass(frozen=True)
class Days:
    """The civil days `first` to `last`, both included, in the zone of `territoire`."""

    first: date
    last: date
    territoire: Territoire

    def __post_init__(self) -> None:
        if not 0 < len(self) <= MAX_DAYS:
            raise ValueError(f"An agenda shows 1 to {MAX_DAYS} days.")

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range(len(self)))

    @property
    def zone(self) -> ZoneInfo:
        return self.territoire.zone

    @property
    def period(self) -> Interval:
        return Interval(day_bounds(self.first, self.zone)[0], day_bounds(self.last, self.zone)[1])


@dataclass(frozen=True)
class PlageSpan:
    period: Interval
    plage: PlageOuverture


@dataclass(frozen=True)
class AbsenceSpan:
    """`row` is None for who may not read its title (E13): they see that the agent is away."""

    period: Interval
    row: Indisponibilite | None


@dataclass(frozen=True)
class Agenda:
    """`occupied`: RDVs of which nothing may be told but that the time is taken (decision 8)."""

    days: Days
    rdvs: tuple[Rdv, ...]
    occupied: tuple[Interval, ...]
    plages: tuple[PlageSpan, ...]
    absences: tuple[AbsenceSpan, ...]
    holidays: Mapping[date, str]


def agenda_of(
    agent: Agent, *, actor: Actor | None, days: Days, with_cancelled: bool = False
) -> Agenda:
    """Return what `actor` may see of the agenda, in at most 8 statements, in order of time.

    RDVs that began before the first day and last into it are there. The caller has checked that
    `actor` may see the agenda.
    """
    period = days.period
    readable = _rdvs(agent, actor, period)
    shown = tuple(rdv for rdv in readable if with_cancelled or rdv.status not in CANCELLED)
    return Agenda(
        days=days,
        rdvs=shown,
        occupied=_occupied(agent, period, readable),
        plages=_plages(agent, actor, period),
        absences=_absences(agent, actor, period),
        holidays=_holidays(days),
    )


def _rdvs(agent: Agent, actor: Actor | None, period: Interval) -> list[Rdv]:
    mine = AgentRdv.objects.filter(rdv=OuterRef("pk"), agent=agent)
    rows = (
        rdvs_for(actor, Permission.RDV_READ)
        .filter(Exists(mine))
        .overlapping(period.start, period.end)
        .select_related("motif", "lieu", "organisation__territoire")
        .prefetch_related("participations__usager")
        .order_by("starts_at", "pk")
    )
    return list(rows)


def _occupied(agent: Agent, period: Interval, readable: list[Rdv]) -> tuple[Interval, ...]:
    rows = (
        AgentRdv.objects.filter(
            agent=agent, holds_time=True, starts_at__lt=period.end, ends_at__gt=period.start
        )
        .exclude(rdv__in=[rdv.pk for rdv in readable])
        .order_by("starts_at", "pk")
        .values_list("starts_at", "ends_at")
    )
    return tuple(Interval(start, end) for start, end in rows)


def _plages(agent: Agent, actor: Actor | None, period: Interval) -> tuple[PlageSpan, ...]:
    first, last = _margin(period)
    moved = PlageException.objects.filter(plage=OuterRef("pk"), new_day__range=(first, last))
    rows = (
        plages_for(actor, Permission.PLAGE_READ)
        .filter(
            Q(frequency=Frequency.NONE, first_day__range=(first, last))
            | _recurs(first, last)
            | Q(Exists(moved)),
            agent=agent,
        )
        .select_related("lieu", "organisation__territoire")
        .prefetch_related("exceptions", "motifs")
    )
    spans = [
        PlageSpan(span, plage)
        for plage in rows
        for span in expand(plage_schedule(plage), period, plage.organisation.territoire.zone)
    ]
    return tuple(sorted(spans, key=lambda span: (_instant(span.period), span.plage.pk)))


def _absences(agent: Agent, actor: Actor | None, period: Interval) -> tuple[AbsenceSpan, ...]:
    first, last = _margin(period)
    moved = IndisponibiliteException.objects.filter(
        indisponibilite=OuterRef("pk"), new_day__lte=last, new_end_day__gte=first
    )
    titled = indisponibilites_for(actor, Permission.INDISPONIBILITE_EDIT).filter(pk=OuterRef("pk"))
    rows = (
        Indisponibilite.objects.filter(
            Q(frequency=Frequency.NONE, first_day__lte=last, end_day__gte=first)
            | _recurs(first - LONGEST_RECURRING_ABSENCE, last)
            | Q(Exists(moved)),
            agent=agent,
        )
        .annotate(may_read_title=Q(agent=getattr(actor, "agent_id", None)) | Q(Exists(titled)))
        .select_related("territoire")
        .prefetch_related("exceptions")
    )
    spans = [
        AbsenceSpan(span, row if row.may_read_title else None)
        for row in rows
        for span in expand(indisponibilite_schedule(row), period, row.territoire.zone)
    ]
    return tuple(sorted(spans, key=lambda span: _instant(span.period)))


def _margin(period: Interval) -> tuple[date, date]:
    """Return the days of the period in any zone: rows are written in that of their territoire."""
    day = timedelta(days=1)
    return (period.start - day).date(), (period.end + day).date()


def _recurs(first: date, last: date) -> Q:
    """Return the rules that may produce a day from `first` to `last`; the engine says which."""
    until = Q(recurrence_ends_on=None) | Q(recurrence_ends_on__gte=first)
    return ~Q(frequency=Frequency.NONE) & Q(first_day__lte=last) & until


def _instant(period: Interval) -> datetime:
    return period.start.astimezone(UTC)


def _holidays(days: Days) -> dict[date, str]:
    names: dict[date, str] = {}
    for year in range(days.first.year, days.last.year + 1):
        names |= holiday_names(days.territoire.holiday_zone, year)
    return {day: names[day] for day in days if day in names}
