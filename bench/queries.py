"""The questions, each with its answer by brute force and its target.

Asked as an agent, for whom no delay counts, a week before the first Monday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from bench.workload import AGENTS_PER_LIEU, SETS, creneaux
from planning.queries.availability import (
    Audience,
    Search,
    distinct_starts,
    found_slots,
    next_by_lieu,
    next_slot,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from bench.load import Loaded

MAX_STATEMENTS = 6


@dataclass(frozen=True)
class Query:
    """`agents` of the set (None: all), during `weeks` from its first Monday."""

    id: str
    data: str
    ask: Callable[[Search, date, date], Any]
    expect: Callable[[Loaded, Query], Any]
    target_ms: float | None
    weeks: int
    agents: int | None = None
    by_agent: bool = False

    @property
    def numbers(self) -> range:
        return range(SETS[self.data].agents if self.agents is None else self.agents)

    def search(self, loaded: Loaded) -> Search:
        """Ask one agent, one lieu, or the whole territoire."""
        lieux = -(-len(self.numbers) // AGENTS_PER_LIEU)
        whole = self.agents is None
        return Search(
            motif_ids=frozenset(loaded.motif_ids[:lieux]),
            audience=Audience.AGENT,
            now=datetime.combine(loaded.first - timedelta(days=7), time(8), UTC),
            agent_ids=frozenset(loaded.agent_ids[:1]) if self.by_agent else None,
            lieu_ids=None if whole or self.by_agent else frozenset(loaded.lieu_ids[:lieux]),
        )

    def call(self, loaded: Loaded) -> Callable[[], Any]:
        """Return what is timed: rows, engine, list of tuples, built and walked through."""
        search = self.search(loaded)
        last = loaded.first + timedelta(days=7 * self.weeks - 1)
        return lambda: self.ask(search, loaded.first, last)


def _ask_slots(search: Search, first: date, last: date) -> list[Any]:
    found = found_slots(search, first, last)
    starts = set()
    for start, _agent, _lieu, _plage in found:
        starts.add(start)
    return found


def _ask_starts(search: Search, first: date, last: date) -> list[Any]:
    return list(distinct_starts(search, first, last))


def _ask_next_by_lieu(search: Search, first: date, _last: date) -> list[Any]:
    return sorted((lieu, found[0]) for lieu, found in next_by_lieu(search, first).items())


def _ask_next(search: Search, first: date, _last: date) -> list[Any]:
    found = next_slot(search, first)
    return [] if found is None else [found[0]]


def _expect_slots(loaded: Loaded, query: Query) -> list[Any]:
    """Return (start, agent, lieu, plage), sorted: ids are numbered as the set is."""
    return sorted(
        (
            start,
            loaded.agent_ids[agent],
            loaded.lieu_ids[agent // AGENTS_PER_LIEU],
            loaded.plage_ids[agent][half],
        )
        for start, agent, half in _free(loaded, query)
    )


def _expect_starts(loaded: Loaded, query: Query) -> list[Any]:
    return sorted({start for start, _agent, _half in _free(loaded, query)})


def _expect_next_by_lieu(loaded: Loaded, query: Query) -> list[Any]:
    first: dict[int, datetime] = {}
    for start, agent, _half in _free(loaded, query):
        lieu = loaded.lieu_ids[agent // AGENTS_PER_LIEU]
        first[lieu] = min(start, first.get(lieu, start))
    return sorted(first.items())


def _expect_next(loaded: Loaded, query: Query) -> list[Any]:
    return _expect_starts(loaded, query)[:1]


def _free(loaded: Loaded, query: Query) -> Any:
    return creneaux(loaded.data, loaded.first, query.numbers, range(5 * query.weeks))


def _slots(name: str, target: float, weeks: int, agents: int | None = None) -> Query:
    return Query(name, name[:2], _ask_slots, _expect_slots, target, weeks, agents)


def _starts(name: str, weeks: int) -> Query:
    return Query(name, name[:2], _ask_starts, _expect_starts, None, weeks)


def _next(name: str, target: float, agents: int | None = None) -> Query:
    alone = agents == 1
    return Query(name, name[:2], _ask_next, _expect_next, target, 12, agents, by_agent=alone)


QUERIES = (
    _slots("W1-4w", 6, 4),
    _slots("W2-week", 20, 1),
    _slots("W2-4w", 60, 4),
    _slots("W3-place", 10, 1, AGENTS_PER_LIEU),
    _slots("W3-week", 150, 1),
    _slots("W3-all", 1500, 12),
    _starts("W3-week-starts", 1),
    _starts("W3-all-starts", 12),
    Query("W3-next50", "W3", _ask_next_by_lieu, _expect_next_by_lieu, 100, 12),
    _next("W4-1", 10, 1),
    _next("W4-place", 60, AGENTS_PER_LIEU),
    _next("W4-all", 500),
)
