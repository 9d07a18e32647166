"""What stands in agents' agendas, as one person may see them (E01, E09, E13, decision 8).

One module for the page and for the feed of the calendar: they cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING

from planning.models import AgentRdv
from planning.queries.agenda_rows import read_absences, read_plages, read_rdvs
from planning.slots.holidays import holiday_names
from planning.slots.types import Interval
from rdv.common.timezones import day_bounds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from agents.models import Agent, Territoire
    from agents.permissions import Actor
    from planning.queries.agenda_rows import AgendaAbsence, AgendaPlage, AgendaRdv

MAX_DAYS = 45


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
    plage: AgendaPlage

    @property
    def agent_id(self) -> int:
        return self.plage.agent_id


@dataclass(frozen=True)
class AbsenceSpan:
    """`row` is None for who may not read its title (E13): they see that the agent is away."""

    period: Interval
    agent_id: int
    row: AgendaAbsence | None


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
    rdvs: tuple[AgendaRdv, ...]
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
    """Return what `actor` may see of the agendas, in at most 10 statements however many they are.

    RDVs that began before the first day and last into it are there. Without `with_names`, the names
    of their agents are not read: two statements less. The caller has checked that `actor` may see
    each of the agendas.
    """
    period, ids = days.period, [agent.pk for agent in agents]
    lines = _lines(ids, period, with_cancelled=with_cancelled)
    holders: dict[int, set[int]] = {}
    for agent_id, rdv_id, *_ in lines:
        holders.setdefault(rdv_id, set()).add(agent_id)
    rdvs = read_rdvs(holders.keys(), actor, with_names=with_names)
    readable = {rdv.pk for rdv in rdvs}
    return Agenda(
        days=days,
        agents=tuple(agents),
        rdvs=rdvs,
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


def _plages(agent_ids: list[int], actor: Actor | None, period: Interval) -> tuple[PlageSpan, ...]:
    spans = [
        PlageSpan(span, plage)
        for plage, opened in read_plages(agent_ids, actor, period)
        for span in opened
    ]
    return tuple(sorted(spans, key=lambda span: (_instant(span.period), span.plage.pk)))


def _absences(
    agent_ids: list[int], actor: Actor | None, period: Interval
) -> tuple[AbsenceSpan, ...]:
    spans = [
        AbsenceSpan(span, agent_id, row)
        for agent_id, row, away in read_absences(agent_ids, actor, period)
        for span in away
    ]
    return tuple(sorted(spans, key=lambda span: _instant(span.period)))


def _instant(period: Interval) -> datetime:
    return period.start.astimezone(UTC)


def _holidays(days: Days) -> dict[date, str]:
    names: dict[date, str] = {}
    for year in range(days.first.year, days.last.year + 1):
        names |= holiday_names(days.territoire.holiday_zone, year)
    return {day: names[day] for day in days if day in names}
