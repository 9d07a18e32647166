"""Which créneaux exist: reads the tables once, lets `planning.slots` compute (docs/adr/0010).

Nothing is stored or cached: an answer is never older than its rows. Every function runs six SQL
statements at most, seven for an usager, whatever the number of agents, motifs, lieux and weeks; two
more for a motif de suivi, whose agents are the référents of who comes.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from planning.queries.availability_world import Search, World
from planning.slots.civil import seconds_from
from planning.slots.core import Found, able, earliest, list_per_agent, list_per_start
from planning.slots.engine import within_delays
from planning.slots.intervals import FREE, free_starts
from planning.slots.types import Audience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from planning.queries.availability_rows import PlageRow
    from planning.slots.intervals import Bounds

__all__ = [
    "Audience",
    "Found",
    "Search",
    "bookable",
    "distinct_starts",
    "found_slots",
    "nearest_slots",
    "next_by_lieu",
    "next_by_organisation",
    "next_slot",
    "week_slots",
]

STEPS = (7 * 86_400, 56 * 86_400)
"""How far the two first looks for a next availability go, in seconds; the third takes the rest."""

NEAREST = 3
NEAR = timedelta(days=14)

Key = TypeVar("Key")


def found_slots(search: Search, first: date, last: date) -> list[Found]:
    """Return (aware local start, agent, lieu, plage), sorted by start; both days are included.

    For an agent: one for each (start, agent), agents in order. For an usager: one for each
    (start, lieu), that of the first registered plage.
    """
    with _collector_paused():
        world, bounds, plages = _read(search, first, last)
        if not plages:
            return []
        if search.audience is Audience.AGENT:
            return _found_for_agent(world, plages, next(iter(bounds.values())))
        return _found_for_usager(world, plages, bounds)


def distinct_starts(search: Search, first: date, last: date) -> list[datetime]:
    """Return the aware local starts at which somebody is free, in order."""
    with _collector_paused():
        world, bounds, plages = _read(search, first, last)
        if not plages:
            return []
        window = world.window(*_reach(bounds))
        jobs, busy = world.open_jobs(plages, window)
        starts: set[int] = set()
        for row, job in zip(plages, jobs, strict=True):
            starts.update(free_starts(job.spans, busy.get(job.agent, FREE), bounds[row.motif]))
        return [world.clock.local(start) for start in sorted(starts)]


def week_slots(search: Search, first: date) -> dict[date, list[Found]]:
    """Return the slots of seven days from `first`; a day without any is there, empty."""
    week: dict[date, list[Found]] = {first + timedelta(days=offset): [] for offset in range(7)}
    for found in found_slots(search, first, first + timedelta(days=6)):
        week[found[0].date()].append(found)
    return week


def next_by_lieu(search: Search, from_day: date) -> dict[int | None, Found]:
    """Return the earliest slot of each lieu (None: the motifs without one); none, no key.

    Looks until six months later for an agent, until now + maximum delay for an usager.
    """
    return _next(search, from_day, lambda row: row.lieu)


def next_by_organisation(search: Search, from_day: date) -> dict[int, Found]:
    """Return the earliest slot of each organisation; none, no key. Same horizon."""
    return _next(search, from_day, lambda row: row.organisation)


def next_slot(search: Search, from_day: date) -> Found | None:
    """Return the earliest slot of all, from the first registered plage. Same horizon."""
    return _next(search, from_day, lambda _row: 0).get(0)


def bookable(
    search: Search, starts_at: datetime, lieu_id: int | None, chosen_at: datetime | None = None
) -> list[tuple[int, int]]:
    """Return (agent, plage) of who can take `starts_at`, first registered first (decision 18).

    The time must lie inside an opening of that lieu, free and within the delays; it need not stand
    on the grid, which may have moved on. The minimum delay counts from `chosen_at`, at most 30
    minutes back.
    """
    world = World(search)
    willing = {
        motif.id
        for motif in world.motifs
        if within_delays(world.request(motif, starts_at, starts_at), starts_at, chosen_at)
    }
    if not willing:
        return []
    moment = seconds_from(starts_at)
    plages = [row for row in world.plages(willing, moment, moment) if row.lieu == lieu_id]
    world.read_absences(plages, moment, moment)
    window = world.window(moment, moment)
    jobs, busy = world.open_jobs(plages, window)
    return [(job.agent, job.opening) for job in able(jobs, busy, moment, moment + world.duration)]


def nearest_slots(
    search: Search,
    starts_at: datetime,
    lieu_id: int | None,
    *,
    without: Iterable[tuple[int | None, datetime]] = (),
) -> tuple[list[Found], list[Found]]:
    """Return what to offer when `starts_at` is gone: three slots there, three in other lieux.

    The nearest in time within a fortnight on each side, sorted by start; none of the (lieu, start)
    of `without`.
    """
    found = found_slots(search, (starts_at - NEAR).date(), (starts_at + NEAR).date())
    unwanted = {(lieu, seconds_from(at)) for lieu, at in without}
    found = [slot for slot in found if (slot[2], _start(slot)) not in unwanted]
    moment = seconds_from(starts_at)
    near = sorted(found, key=lambda slot: abs(_start(slot) - moment))
    there = [slot for slot in near if slot[2] == lieu_id][:NEAREST]
    elsewhere = [slot for slot in near if slot[2] != lieu_id][:NEAREST]
    return sorted(there, key=_start), sorted(elsewhere, key=_start)


def _read(
    search: Search, first: date, last: date | None
) -> tuple[World, dict[int, Bounds], list[PlageRow]]:
    """Return what each motif allows, and the plages of the motifs that allow something."""
    world = World(search)
    bounds = world.bounds(first, last)
    if not bounds:
        return world, {}, []
    lower, upper = _reach(bounds)
    plages = world.plages(bounds, lower, upper)
    world.read_absences(plages, lower, upper)
    return world, bounds, plages


def _found_for_agent(world: World, plages: list[PlageRow], bounds: Bounds) -> list[Found]:
    """The delays do not bind agents: all motifs have the same bounds."""
    once = {row.id: row for row in plages}  # one plage may hold two of the motifs
    rows = sorted(once.values(), key=lambda row: row.agent)  # stable: registration decides
    window = world.window(bounds.lower, bounds.upper)
    jobs, busy = world.open_jobs(rows, window)
    return list_per_agent(jobs, busy, bounds, world.clock)


def _found_for_usager(
    world: World, plages: list[PlageRow], bounds: dict[int, Bounds]
) -> list[Found]:
    window = world.window(*_reach(bounds))
    jobs, busy = world.open_jobs(plages, window)
    rank = {row.id: position for position, row in enumerate(plages)}
    groups = defaultdict(list)
    for row, job in zip(plages, jobs, strict=True):
        groups[row.lieu, bounds[row.motif]].append(job)
    winners: dict[tuple[int | None, datetime], Found] = {}
    for (lieu, limits), group in groups.items():
        for found in list_per_start(group, busy, limits, world.clock):
            key = (lieu, found[0])
            if key not in winners or rank[found[3]] < rank[winners[key][3]]:
                winners[key] = found
    return sorted(winners.values(), key=lambda found: (_start(found), rank[found[3]]))


def _next(search: Search, from_day: date, key_of: Callable[[PlageRow], Key]) -> dict[Key, Found]:
    """Return the earliest slot of each key, in the order of the first registered plages.

    Looks further and further, and only for the keys that have nothing yet.
    """
    with _collector_paused():
        world, bounds, plages = _read(search, from_day, None)
        found: dict[Key, Found] = {}
        for part in _steps(bounds):
            left = [row for row in plages if key_of(row) not in found]
            if not left:
                break
            found |= _earliest(world, left, bounds, part, key_of)
        return {key: found[key] for key in map(key_of, plages) if key in found}


def _earliest(
    world: World,
    plages: list[PlageRow],
    bounds: dict[int, Bounds],
    part: tuple[int, int],
    key_of: Callable[[PlageRow], Key],
) -> dict[Key, Found]:
    """Return the earliest slot of each key between the two instants `part`."""
    window = world.window(*part)
    jobs, busy = world.open_jobs(plages, window)
    groups = defaultdict(list)
    for row, job in zip(plages, jobs, strict=True):
        groups[key_of(row), bounds[row.motif]].append(job)
    rank = {row.id: position for position, row in enumerate(plages)}
    best: dict[Key, tuple[int, int, Found]] = {}
    for (key, limits), group in groups.items():
        lower, upper = max(limits.lower, part[0]), min(limits.upper, part[1])
        hit = earliest(group, busy, limits._replace(lower=lower, upper=upper))
        if hit is None:
            continue
        start, job = hit
        slot = (world.clock.local(start), job.agent, job.lieu, job.opening)
        candidate = (start, rank[job.opening], slot)
        best[key] = min(best.get(key, candidate), candidate, key=lambda entry: entry[:2])
    return {key: slot for key, (_, _, slot) in best.items()}


def _steps(bounds: dict[int, Bounds]) -> Iterator[tuple[int, int]]:
    if not bounds:
        return
    lower, upper = _reach(bounds)
    for step in STEPS:
        if lower > upper:
            return
        yield lower, min(upper, lower + step - 1)
        lower += step
    if lower <= upper:
        yield lower, upper


def _reach(bounds: dict[int, Bounds]) -> tuple[int, int]:
    return min(b.lower for b in bounds.values()), max(b.upper for b in bounds.values())


def _start(slot: Found) -> int:
    return seconds_from(slot[0])


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Half a million tuples without cycles would wake the garbage collector hundreds of times."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
