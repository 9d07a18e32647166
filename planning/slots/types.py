"""Values of the slot engine: civil rules come in, aware instants go out. No table, no clock."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

WEEKDAYS = frozenset(range(7))
"""Monday is 0."""

LAST = -1
"""Rank of a monthly rule that means « the last such weekday of the month »."""


class Frequency(StrEnum):
    NONE = "none"
    WEEKLY = "weekly"
    MONTHLY_WEEKDAY = "monthly_weekday"
    MONTHLY_DAY = "monthly_day"


class Audience(StrEnum):
    AGENT = "agent"
    USAGER = "usager"


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open period `[start, end)` of aware datetimes.

    Raises ValueError when a bound is naive or the period is empty. Bounds are compared as instants:
    two datetimes of one zone compare by wall clock in Python, which is wrong in a repeated hour.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.utcoffset() is None or self.end.utcoffset() is None:
            raise ValueError("An interval needs aware datetimes.")
        if self.start.astimezone(UTC) >= self.end.astimezone(UTC):
            raise ValueError("An interval ends after it starts.")


@dataclass(frozen=True, slots=True)
class Recurrence:
    """On which civil days something happens.

    `weekdays` counts from 0 (Monday); empty means the weekday of `first_day`. A monthly-weekday
    rule uses the lowest of them. `rank` is 1 to 5, LAST, or None for the rank of `first_day` in
    its month. A monthly-day rule repeats `first_day.day`; months that are too short are skipped.
    `until` is inclusive. Raises ValueError on an impossible interval, weekday or rank.
    """

    first_day: date
    frequency: Frequency = Frequency.NONE
    interval: int = 1
    weekdays: frozenset[int] = frozenset()
    rank: int | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.interval < 1:
            raise ValueError("The interval of a recurrence is at least 1.")
        if not self.weekdays <= WEEKDAYS:
            raise ValueError("A weekday goes from 0 (Monday) to 6 (Sunday).")
        if self.rank is not None and self.rank not in {LAST, 1, 2, 3, 4, 5}:
            raise ValueError("A rank goes from 1 to 5, or is LAST.")


@dataclass(frozen=True, slots=True)
class Change:
    """One occurrence of a recurrence, moved or resized: that of `day` happens on `new_day` instead.

    `days` is the number of midnights between its start and its end.
    """

    day: date
    new_day: date
    start: time
    end: time
    days: int = 0


@dataclass(frozen=True, slots=True)
class Schedule:
    """A recurrence with its hours and its exceptions, in the civil time of some zone.

    Each occurrence begins on its day at `start` and ends `days` days later at `end`.
    `excluded` days give nothing, even when they are changed too. A change whose `day` is no longer
    produced by the rule is ignored.
    """

    rule: Recurrence
    start: time
    end: time
    days: int = 0
    excluded: frozenset[date] = frozenset()
    changed: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """A plage d'ouverture. `order` is its registration: the lowest wins, then the lowest id."""

    id: int
    agent: int
    schedule: Schedule
    lieu: int | None = None
    order: int = 0
    motifs: frozenset[int] = frozenset()
    open_on_holidays: bool = False


@dataclass(frozen=True, slots=True)
class Absence:
    """An indisponibilite of one agent, wherever they work."""

    agent: int
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Busy:
    """Time taken on an agent's agenda: a RDV that is not cancelled, an outside calendar, a hold."""

    agent: int
    period: Interval


@dataclass(frozen=True, slots=True)
class SlotRequest:
    """Everything that decides which slots exist.

    `first` and `last` are civil days, both included, or aware instants, both included. `last` None
    means as far as the audience may look: six months after `first` for an agent, `now + max_delay`
    for an usager. The delays bind usagers only. `lieu` and `agents` None do not filter; an empty
    set of agents is nobody. `holidays` close the openings that do not say otherwise.
    Raises ValueError when the duration is not a positive number of whole seconds.
    """

    zone: ZoneInfo
    now: datetime
    first: date
    audience: Audience
    motif: int
    duration: timedelta
    last: date | None = None
    min_delay: timedelta = timedelta()
    max_delay: timedelta = timedelta(days=366)
    openings: tuple[Opening, ...] = ()
    absences: tuple[Absence, ...] = ()
    busy: tuple[Busy, ...] = ()
    holidays: frozenset[date] = field(default=frozenset(), repr=False)
    lieu: int | None = None
    agents: frozenset[int] | None = None

    def __post_init__(self) -> None:
        if self.duration <= timedelta() or self.duration % timedelta(seconds=1):
            raise ValueError("A duration is a positive number of whole seconds.")


@dataclass(frozen=True, slots=True)
class Slot:
    """A créneau: when (in the request's zone), who, where, and through which opening."""

    start: datetime
    end: datetime
    agent: int
    lieu: int | None
    opening: int
