"""The common workload: who works when, who is booked when, and which créneaux that leaves.

Deterministic, no random numbers. The answers are found by brute force, one créneau of the grid
after the other, without anything of the product: a benchmark whose answer differs is worthless.

One motif of 30 minutes. 20 agents an organisation, one lieu an organisation, all in one territoire.
Everybody works from Monday to Friday, 9 to 12 and 14 to 17, public holidays included. Two absences
an agent: a whole day once, and 14:00 to 15:30 every week. RDVs exist on absent time too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONE = ZoneInfo("Europe/Paris")
D0 = date(2027, 1, 11)
"""A Monday. Twelve weeks later ends on 4 April: a clock change and Easter Monday are inside."""

DURATION = timedelta(minutes=30)
GRID = (*range(9 * 60, 12 * 60, 30), *range(14 * 60, 17 * 60, 30))
"""Starts of a day, in minutes."""

AGENTS_PER_LIEU = 20
MORNING, AFTERNOON = 0, 1
HOURS = ((time(9), time(12)), (time(14), time(17)))
ABSENT_HOURS = (time(14), time(15, 30))


@dataclass(frozen=True)
class DataSet:
    name: str
    agents: int
    weeks: int

    @property
    def working_days(self) -> int:
        return self.weeks * 5

    @property
    def lieux(self) -> int:
        return -(-self.agents // AGENTS_PER_LIEU)


SETS = {
    name: DataSet(name, agents, weeks)
    for name, agents, weeks in (("W1", 1, 4), ("W2", 100, 4), ("W3", 1000, 12), ("W4", 1000, 12))
}


def working_day(d: int, first: date) -> date:
    """Return the `d`-th working day from the Monday `first`."""
    return first + timedelta(days=7 * (d // 5) + d % 5)


def booked(name: str, agent: int, d: int) -> set[int]:
    """Return which starts of the grid are taken for an agent on working day `d`."""
    if name in {"W1", "W2"}:  # 8 RDVs a day, 4 holes
        return set(range(12)) - {(agent + d + 3 * j) % 12 for j in range(4)}
    if name == "W3":  # 2 or 3 a day: 150 an agent
        return {(agent + d + 4 * j) % 12 for j in range(2 + d % 2)}
    return set(range(12)) if d < 40 else set()  # full for 8 weeks, then nothing


def absent_day(agent: int, first: date) -> date:
    """Return the day on which an agent is away from midnight to midnight."""
    return working_day((3 + agent) % 20, first)


def absent_weekday(agent: int) -> int:
    return agent % 5


def is_absent(agent: int, d: int, index: int) -> bool:
    weekly = d % 5 == absent_weekday(agent) and 14 * 60 <= GRID[index] < 15 * 60 + 30
    return weekly or d == (3 + agent) % 20


def instant(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(minutes // 60, minutes % 60), ZONE)


def rdvs(data: DataSet, first: date) -> Iterator[tuple[int, datetime]]:
    """Yield the (agent, aware start) of every RDV."""
    days = [working_day(d, first) for d in range(data.working_days)]
    starts = [[instant(day, minutes) for minutes in GRID] for day in days]
    for agent in range(data.agents):
        for d in range(data.working_days):
            for index in sorted(booked(data.name, agent, d)):
                yield agent, starts[d][index]


def creneaux(
    data: DataSet, first: date, agents: range, days: range
) -> Iterator[tuple[datetime, int, int]]:
    """Yield each free (aware start, agent, half-day) of working days `days`, in no useful order."""
    for d in days:
        starts = [instant(working_day(d, first), minutes) for minutes in GRID]
        for agent in agents:
            taken = booked(data.name, agent, d)
            for index, start in enumerate(starts):
                if index not in taken and not is_absent(agent, d, index):
                    yield start, agent, (MORNING if index < 6 else AFTERNOON)
