"""The search on plain integers: `engine` wraps it in dataclasses, SQL rows may feed it directly."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import chain, groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from planning.slots.civil import CivilClock
from planning.slots.intervals import (
    FREE,
    Bounds,
    Span,
    Timeline,
    earliest_start,
    free_starts,
    is_free,
)
from planning.slots.recurrence import civil_spans, longest, pattern
from planning.slots.types import Schedule

Found = tuple[datetime, int, int | None, int]
"""Aware start, agent, lieu, opening."""


class Job(NamedTuple):
    """One opening to search. Openings of the same hours share the list of their occurrences."""

    agent: int
    lieu: int | None
    opening: int
    spans: Sequence[Span]


class Window:
    """Occurrences around the starts from `lower` to `upper`, each schedule expanded once."""

    def __init__(
        self, clock: CivilClock, lower: int, upper: int, holidays: Iterable[date] = ()
    ) -> None:
        self.clock = clock
        self.lower = lower
        self.upper = upper
        self._first = clock.day(lower) - 1
        self._last = clock.day(upper) + 1
        self._holidays = frozenset(day.toordinal() for day in holidays)
        self._known: dict[Hashable, list[Span]] = {}

    def openings(self, schedule: Schedule, *, open_on_holidays: bool = False) -> list[Span]:
        """Return the occurrences in which an allowed start may lie, in order."""
        closed = frozenset[int]() if open_on_holidays else self._holidays
        key = (self._key(schedule), open_on_holidays)
        spans = self._known.get(key)
        if spans is None:
            spans = self._known[key] = [
                span
                for span in self._expand(schedule, closed)
                if span[0] <= self.upper and span[1] > self.lower
            ]
        return spans

    def absences(self, schedule: Schedule) -> list[Span]:
        """Return the occurrences that may meet one of `openings`, in order; some may not."""
        key = self._key(schedule)
        spans = self._known.get(key)
        if spans is None:
            spans = self._known[key] = self._expand(schedule, frozenset())
        return spans

    def _key(self, schedule: Schedule) -> Hashable:
        if schedule.excluded or schedule.changed:
            return schedule
        reach = pattern(schedule.rule, self._first - schedule.days, self._last)
        return (reach, schedule.start, schedule.end, schedule.days)

    def _expand(self, schedule: Schedule, closed: frozenset[int]) -> list[Span]:
        spans = (
            self.clock.span(*civil)
            for civil in civil_spans(schedule, self._first - longest(schedule), self._last)
            if civil.day not in closed
        )
        return sorted(span for span in spans if span[0] < span[1])


class _Meetings:
    """Remembers which lists of spans meet: thousands of agents share a few lists."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, ...], bool] = {}

    def among(self, jobs: Iterable[Job]) -> bool:
        """Say whether any two occurrences of `jobs` share time."""
        key = tuple(id(job.spans) for job in jobs)
        found = self._known.get(key)
        if found is None:
            spans = sorted(chain.from_iterable(job.spans for job in jobs))
            found = self._known[key] = any(
                after[0] < before[1] for before, after in pairwise(spans)
            )
        return found


def list_per_agent(
    jobs: Iterable[Job], busy: Mapping[int, Timeline], bounds: Bounds, clock: CivilClock
) -> list[Found]:
    """Return one entry per (start, agent), sorted so.

    `jobs` come grouped by agent, agents in order; of two openings of one agent that offer the same
    start, the first given is kept.
    """
    buckets: defaultdict[int, list[Job]] = defaultdict(list)
    meetings = _Meetings()
    for agent, group in groupby(jobs, attrgetter("agent")):
        timeline = busy.get(agent, FREE)
        own = list(group)
        if meetings.among(own):
            for start, job in _winners(own, busy, bounds).items():
                buckets[start].append(job)
            continue
        for job in own:
            for start in free_starts(job.spans, timeline, bounds):
                buckets[start].append(job)
    found: list[Found] = []
    for start in sorted(buckets):
        moment = clock.local(start)
        found += [(moment, agent, lieu, opening) for agent, lieu, opening, _ in buckets[start]]
    return found


def list_per_start(
    jobs: Iterable[Job], busy: Mapping[int, Timeline], bounds: Bounds, clock: CivilClock
) -> list[Found]:
    """Return one entry per start, in order: that of the first of `jobs` that offers it."""
    winners = _winners(jobs, busy, bounds)
    return [
        (clock.local(start), job.agent, job.lieu, job.opening)
        for start, job in sorted(winners.items())
    ]


def _winners(jobs: Iterable[Job], busy: Mapping[int, Timeline], bounds: Bounds) -> dict[int, Job]:
    """Return each start with the first of `jobs` that offers it."""
    winners: dict[int, Job] = {}
    for job in jobs:
        for start in free_starts(job.spans, busy.get(job.agent, FREE), bounds):
            winners.setdefault(start, job)
    return winners


def earliest(
    jobs: Iterable[Job], busy: Mapping[int, Timeline], bounds: Bounds
) -> tuple[int, Job] | None:
    """Return the earliest start, in seconds, and the first of `jobs` that offers it."""
    best: tuple[int, Job] | None = None
    for job in jobs:
        start = earliest_start(job.spans, busy.get(job.agent, FREE), bounds)
        if start is not None:
            best = (start, job)
            bounds = bounds._replace(upper=start - 1)
    return best


def able(jobs: Iterable[Job], busy: Mapping[int, Timeline], start: int, end: int) -> list[Job]:
    """Return the jobs that hold `[start, end)` in one occurrence, free; grids do not matter.

    In the order given, at most one an agent.
    """
    chosen: dict[int, Job] = {}
    for job in jobs:
        inside = any(opened <= start and end <= closed for opened, closed in job.spans)
        if inside and is_free(start, end, busy.get(job.agent, FREE)):
            chosen.setdefault(job.agent, job)
    return list(chosen.values())
