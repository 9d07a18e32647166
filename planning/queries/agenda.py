"""What stands in agents' agendas, as one person may see them (E01, E09, E13, decision 8).

One module for the page and for the feed of the calendar: they cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch, Q

from agents.permissions import Permission
from planning.models import (
    AgentRdv,
    Frequency,
    Indisponibilite,
    IndisponibiliteException,
    Participation,
    PlageException,
)
from planning.policies import indisponibilites_for, plages_for, rdvs_for
from planning.queries.schedules import indisponibilite_schedule, plage_schedule
from planning.slots.holidays import holiday_names
from planning.slots.recurrence import expand
from planning.slots.types import Interval
from rdv.common.timezones import day_bounds
from usagers.models import Usager

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
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

    @property
    def agent_id(self) -> int:
        return self.plage.agent_id


@dataclass(frozen=True)
class AbsenceSpan:
    """`row` is None for who may not read its title (E13): they see that the agent is away."""

    period: Interval
    agent_id: int
    row: Indisponibilite | None


@dataclass(frozen=True)
class OccupiedSpan:
    """A RDV of which nothing may be told but that the agent's time is taken (decision 8)."""

    period: Interval
    agent_id: int


@dataclass(frozen=True)
class Agenda:
    """What stands in the agendas of `agents`, in order of time. Each RDV is there once.

    `holders`: by RDV, which of them are on it.
    """

    days: Days
    agents: tuple[Agent, ...]
    rdvs: tuple[Rdv, ...]
    occupied: tuple[OccupiedSpan, ...]
    plages: tuple[PlageSpan, ...]
    absences: tuple[AbsenceSpan, ...]
    holidays: Mapping[date, str]
    holders: Mapping[int, set[int]]

    @property
    def is_shared(self) -> bool:
        """Say whether several agendas stand side by side."""
        return len(self.agents) > 1

    def alone(self, agent: Agent) -> Agenda:
        """Return what concerns one of its agents."""
        return replace(
            self,
            agents=(agent,),
            rdvs=tuple(rdv for rdv in self.rdvs if agent.pk in self.holders[rdv.pk]),
            occupied=tuple(span for span in self.occupied if span.agent_id == agent.pk),
            plages=tuple(span for span in self.plages if span.agent_id == agent.pk),
            absences=tuple(span for span in self.absences if span.agent_id == agent.pk),
        )


def agenda_of(
    agents: Sequence[Agent],
    *,
    actor: Actor | None,
    days: Days,
    with_cancelled: bool = False,
    with_names: bool = True,
) -> Agenda:
    """Return what `actor` may see of the agendas, in at most 16 statements however many they are.

    RDVs that began before the first day and last into it are there. Without `with_names`, the names
    of their agents are not read: three statements less. The caller has checked that
    `actor` may see each of the agendas.
    """
    period, ids = days.period, [agent.pk for agent in agents]
    lines = _lines(ids, period, with_cancelled=with_cancelled)
    holders: dict[int, set[int]] = {}
    for agent_id, rdv_id, *_ in lines:
        holders.setdefault(rdv_id, set()).add(agent_id)
    rdvs = _rdvs(holders.keys(), actor, with_names=with_names)
    readable = {rdv.pk for rdv in rdvs}
    return Agenda(
        days=days,
        agents=tuple(agents),
        rdvs=tuple(rdvs),
        occupied=tuple(
            OccupiedSpan(Interval(start, end), agent_id)
            for agent_id, rdv_id, start, end, holds_time in lines
            if holds_time and rdv_id not in readable
        ),
        plages=_plages(ids, actor, period),
        absences=_absences(ids, actor, period),
        holidays=_holidays(days),
        holders=holders,
    )


Line = tuple[int, int, "datetime", "datetime", bool]


def _lines(agent_ids: list[int], period: Interval, *, with_cancelled: bool) -> list[Line]:
    """Return agent, RDV, start, end and "holds time" of all that stands there, readable or not."""
    rows = AgentRdv.objects.filter(
        agent__in=agent_ids, starts_at__lt=period.end, ends_at__gt=period.start
    )
    if not with_cancelled:
        rows = rows.filter(holds_time=True)
    columns = ("agent_id", "rdv_id", "starts_at", "ends_at", "holds_time")
    return list(rows.order_by("starts_at", "pk").values_list(*columns))


def _rdvs(rdv_ids: Iterable[int], actor: Actor | None, *, with_names: bool) -> list[Rdv]:
    """Return the RDVs that may be read, in order of time.

    What few rows share (motif, lieu…) is read once, not joined: a week of 20 agents is a thousand
    RDVs.
    """
    usagers = Usager.objects.only("first_name", "last_name", "birth_name")
    people = Participation.objects.only(
        "rdv", "usager", "status", "arrived_at", "created_by_usager"
    ).prefetch_related(Prefetch("usager", usagers))
    agents = AgentRdv.objects.only("rdv", "agent").order_by("agent__sort_key", "pk")
    names = Prefetch("agent_rdvs", agents.prefetch_related("agent__account"))
    rows = (
        rdvs_for(actor, Permission.RDV_READ)
        .filter(pk__in=list(rdv_ids))
        .defer("context", "created_at", "cancelled_at")
        .prefetch_related(
            "motif",
            "lieu",
            "organisation__territoire",
            Prefetch("participations", people),
            *([names] if with_names else []),
        )
        .order_by("starts_at", "pk")
    )
    return list(rows)


def _plages(agent_ids: list[int], actor: Actor | None, period: Interval) -> tuple[PlageSpan, ...]:
    first, last = _margin(period)
    moved = PlageException.objects.filter(plage=OuterRef("pk"), new_day__range=(first, last))
    rows = (
        plages_for(actor, Permission.PLAGE_READ)
        .filter(
            Q(frequency=Frequency.NONE, first_day__range=(first, last))
            | _recurs(first, last)
            | Q(Exists(moved)),
            agent__in=agent_ids,
        )
        .select_related("lieu", "organisation__territoire", "replaces__plage")
        .prefetch_related("exceptions", "motifs")
    )
    spans = [
        PlageSpan(span, plage)
        for plage in rows
        for span in expand(plage_schedule(plage), period, plage.organisation.territoire.zone)
    ]
    return tuple(sorted(spans, key=lambda span: (_instant(span.period), span.plage.pk)))


def _absences(
    agent_ids: list[int], actor: Actor | None, period: Interval
) -> tuple[AbsenceSpan, ...]:
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
            agent__in=agent_ids,
        )
        .annotate(may_read_title=Q(agent=getattr(actor, "agent_id", None)) | Q(Exists(titled)))
        .select_related("territoire")
        .prefetch_related("exceptions")
    )
    spans = [
        AbsenceSpan(span, row.agent_id, row if row.may_read_title else None)
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
