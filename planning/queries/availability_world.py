"""The rows of one search, as the slot engine reads them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planning.queries.availability_rows import (
    AbsenceRow,
    MotifRow,
    PlageRow,
    absence_rows,
    begin,
    busy_spans,
    held_rows,
    motif_rows,
    plage_rows,
)
from planning.rules.holder import holder_digest
from planning.slots.civil import CivilClock, seconds_from, seconds_until
from planning.slots.core import Job, Window
from planning.slots.engine import search_bounds
from planning.slots.holidays import holidays_between
from planning.slots.intervals import Bounds, Timeline, merge, not_full
from planning.slots.types import Audience, SlotRequest
from rdv.common.timezones import local_day
from usagers.queries.referents import referents_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from planning.slots.intervals import Span
    from planning.slots.types import Schedule


@dataclass(frozen=True)
class Search:
    """What somebody looks for: motifs of one territoire, of the same duration and pause.

    `agent_ids` and `lieu_ids` None do not filter; an empty set of agents is nobody. Lieux filter
    only the motifs that need one. `persons` come together and multiply the duration (decision 24).
    For an usager, what other visitors than `visitor` (their raw key) hold is taken (decision 19).
    `moved_rdv` is the key of a RDV that moves: it does not stand in its own way, and the slots are
    `minutes` long, as it is. `usager_ids` are the fiches of who comes: a motif de suivi is offered
    with their référents only. With nobody known it is offered to no usager, whatever else is said;
    an agent, who may choose the person last, then sees everybody. `sector_ids` are those of the
    address: for an usager, a motif that is sectorised is answered by who is attributed there, and
    by nobody when there are none; None does not ask (a RDV that moves, an agent who sends).
    """

    motif_ids: frozenset[int]
    audience: Audience
    now: datetime
    agent_ids: frozenset[int] | None = None
    lieu_ids: frozenset[int] | None = None
    persons: int = 1
    visitor: str = ""
    minutes: int | None = None
    moved_rdv: int | None = None
    usager_ids: frozenset[int] = frozenset()
    sector_ids: frozenset[int] | None = frozenset()


class World:
    """Reads motifs at once (one statement), then plages, absences and RDVs of what is asked."""

    def __init__(self, search: Search) -> None:
        """Raise ValueError for motifs of two territoires, durations or pauses."""
        self.search = search
        self.motifs = [row for row in motif_rows(search.motif_ids) if self._is_open(row)]
        kinds = {(row.territoire, row.duration_minutes, row.pause_minutes) for row in self.motifs}
        if len(kinds) > 1:
            raise ValueError("A search is about one territoire, one duration and one pause.")
        self._absences: list[AbsenceRow] = []
        self._held: list[tuple[int, Span]] = []

    def _is_open(self, motif: MotifRow) -> bool:
        """The public does not book what is suspended (G11); agents do."""
        until = motif.suspended_until
        if until is None or self.search.audience is Audience.AGENT:
            return True
        return until <= local_day(self.search.now, ZoneInfo(motif.zone))

    @cached_property
    def clock(self) -> CivilClock:
        return CivilClock(ZoneInfo(self.motifs[0].zone))

    @cached_property
    def _referents(self) -> frozenset[int] | None:
        """Return who may receive for the motifs de suivi, None: anybody (two statements)."""
        people, is_agent = self.search.usager_ids, self.search.audience is Audience.AGENT
        if not any(row.is_follow_up for row in self.motifs) or (is_agent and not people):
            return None
        return referents_of(people)

    @property
    def _sectors(self) -> frozenset[int] | None:
        """Return the sectors to look at, None: nothing is sectorised, or an agent looks."""
        if self.search.audience is Audience.AGENT:
            return None
        sectorised = any(row.sectorisation != "departement" for row in self.motifs)
        return self.search.sector_ids if sectorised else None

    @property
    def duration(self) -> int:
        """Return what one slot takes, in seconds."""
        minutes = self.search.minutes or self.motifs[0].duration_minutes * self.search.persons
        return minutes * 60

    def request(self, motif: MotifRow, first: date, last: date | None) -> SlotRequest:
        """Return the question of one motif, without rows: its delays and its bounds."""
        return SlotRequest(
            zone=self.clock.zone,
            now=self.search.now,
            first=first,
            last=last,
            audience=self.search.audience,
            motif=motif.id,
            duration=timedelta(seconds=self.duration),
            min_delay=timedelta(minutes=motif.min_delay_minutes),
            max_delay=timedelta(minutes=motif.max_delay_minutes),
        )

    def bounds(self, first: date, last: date | None) -> dict[int, Bounds]:
        """Return what each motif asks of a start; a motif that allows none is left out."""
        allowed: dict[int, Bounds] = {}
        for motif in self.motifs:
            bounds = search_bounds(self.request(motif, first, last), self.clock)
            bounds = bounds._replace(lower=max(bounds.lower, bounds.now))
            if bounds.lower <= bounds.upper:
                allowed[motif.id] = bounds
        return allowed

    def plages(self, motif_ids: Iterable[int], lower: int, upper: int) -> list[PlageRow]:
        """Read what may give a start from `lower` to `upper` (one statement)."""
        wanted = set(motif_ids)
        return plage_rows(
            [row for row in self.motifs if row.id in wanted],
            agent_ids=self.search.agent_ids,
            lieu_ids=self.search.lieu_ids,
            referents=self._referents,
            sectors=self._sectors,
            first=self._day(lower),
            last=self._day(upper),
        )

    def read_absences(self, plages: Sequence[PlageRow], lower: int, upper: int) -> None:
        """Read the absences of these agents, and what visitors hold (one statement each)."""
        agents = {row.agent for row in plages}
        if not agents:
            return
        self._absences = absence_rows(agents, first=self._day(lower), last=self._day(upper))
        if self.search.audience is Audience.USAGER:
            pause = self.motifs[0].pause_minutes * 60
            holder = holder_digest(self.search.visitor)
            self._held = [
                (agent, (seconds_until(start) - pause, seconds_from(end)))
                for agent, start, end in held_rows(agents, holder=holder, now=self.search.now)
            ]

    def window(self, lower: int, upper: int) -> Window:
        zone = self.motifs[0].holiday_zone
        first, last = self._day(lower), self._day(upper)
        day = timedelta(days=2)
        return Window(self.clock, lower, upper, holidays_between(zone, first - day, last + day))

    def open_jobs(
        self, plages: Sequence[PlageRow], window: Window
    ) -> tuple[list[Job], dict[int, Timeline]]:
        """Return what `plages` open, in their order, and what keeps their agents busy meanwhile.

        One statement. Occurrences that took all their RDVs are left out (E15).
        """
        jobs = _jobs_of(plages, window)
        limits = {row.id: row.most for row in plages if row.most is not None}
        agents = {job.agent for job in jobs if job.spans}
        if not agents:
            return jobs, {}
        lists = {id(job.spans): job.spans for job in jobs if job.spans}.values()
        since = min(spans[0][0] for spans in lists)
        until = max(end for spans in lists for _start, end in spans)
        taken: defaultdict[int, list[Span]] = defaultdict(list)
        expand = _Absences(window)
        for agent, zone, schedule in self._absences:
            if agent in agents:
                taken[agent] += expand(zone, schedule)
        counted = {job.agent for job in jobs if job.opening in limits}
        starts: dict[int, list[int]] = {}
        pause = self.motifs[0].pause_minutes * 60
        for agent, spans, packed in busy_spans(
            agents, since, until, pause=pause, moved_rdv=self.search.moved_rdv
        ):
            taken[agent] += spans
            if agent in counted:
                starts[agent] = begin(packed)
        for agent, span in self._held:
            taken[agent].append(span)
            starts[agent] = sorted([*starts.get(agent, []), span[0] + pause])
        if limits:
            jobs = [_with_room(job, limits.get(job.opening), starts) for job in jobs]
        return jobs, {agent: merge(spans) for agent, spans in taken.items()}

    def _day(self, instant: int) -> date:
        return date.fromordinal(self.clock.day(instant))


def _jobs_of(plages: Iterable[PlageRow], window: Window) -> list[Job]:
    known: dict[tuple[int, bool], list[Span]] = {}
    jobs: list[Job] = []
    for row in plages:
        key = (id(row.schedule), row.open_on_holidays)  # equal rules are one object
        spans = known.get(key)
        if spans is None:
            spans = known[key] = window.openings(
                row.schedule, open_on_holidays=row.open_on_holidays
            )
        jobs.append(Job(row.agent, row.lieu, row.id, spans))
    return jobs


def _with_room(job: Job, most: int | None, starts: Mapping[int, Sequence[int]]) -> Job:
    """Leave out the occurrences that took `most` RDVs (E15)."""
    if not most:
        return job
    return job._replace(spans=not_full(job.spans, starts.get(job.agent, ()), most))


class _Absences:
    """Expands absences, each in the zone where it was written, equal ones once."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._windows: dict[str, Window] = {window.clock.zone.key: window}
        self._known: dict[tuple[str, int], list[Span]] = {}

    def __call__(self, zone: str, schedule: Schedule) -> list[Span]:
        key = (zone, id(schedule))
        spans = self._known.get(key)
        if spans is None:
            if zone not in self._windows:
                clock = CivilClock(ZoneInfo(zone))
                self._windows[zone] = Window(clock, self._window.lower, self._window.upper)
            spans = self._known[key] = self._windows[zone].absences(schedule)
        return spans
