"""Which civil days a rule produces, and at which instants its occurrences begin and end."""

from calendar import monthrange
from datetime import date, time
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from planning.slots.civil import CivilClock, seconds_from, seconds_until
from planning.slots.types import LAST, Frequency, Interval, Recurrence, Schedule


class Pattern(NamedTuple):
    """A rule without its own dates: all rules that give the same days in a window share one.

    Days are proleptic ordinals. `phase` is the number of the first week or month modulo `interval`.
    `choice` holds the weekdays of a weekly rule, (weekday, rank) or (day of the month) of a
    monthly one.
    """

    frequency: Frequency
    interval: int
    phase: int
    choice: tuple[int, ...]
    first: int
    last: int


class CivilSpan(NamedTuple):
    """One occurrence: from `day` (ordinal) at `start` to `end`, `days` days later."""

    day: int
    start: time
    end: time
    days: int


def pattern(rule: Recurrence, first: int, last: int) -> Pattern:
    """Return what `rule` means between the ordinals `first` and `last`, both included."""
    own_first = rule.first_day.toordinal()
    first = max(first, own_first)
    if rule.until is not None:
        last = min(last, rule.until.toordinal())
    match rule.frequency:
        case Frequency.NONE:
            return Pattern(rule.frequency, 1, 0, (), first, min(last, own_first))
        case Frequency.WEEKLY:
            phase = _week(own_first) % rule.interval
            choice = tuple(sorted(rule.weekdays)) or (rule.first_day.weekday(),)
        case Frequency.MONTHLY_WEEKDAY:
            phase = _month(rule.first_day) % rule.interval
            weekday = min(rule.weekdays, default=rule.first_day.weekday())
            choice = (weekday, rule.rank or (rule.first_day.day - 1) // 7 + 1)
        case _:  # by day of the month
            phase = _month(rule.first_day) % rule.interval
            choice = (rule.first_day.day,)
    return Pattern(rule.frequency, rule.interval, phase, choice, first, last)


@lru_cache(maxsize=4096)
def days_of(wanted: Pattern) -> tuple[int, ...]:
    """Return the ordinals of the days of a pattern, in order."""
    if wanted.first > wanted.last:
        return ()
    match wanted.frequency:
        case Frequency.NONE:
            return (wanted.first,)
        case Frequency.WEEKLY:
            days = _weekly(wanted)
        case _:
            days = _monthly(wanted)
    return tuple(day for day in days if wanted.first <= day <= wanted.last)


def days_between(rule: Recurrence, first: date, last: date) -> tuple[date, ...]:
    """Return the days that `rule` produces from `first` to `last`, both included, in order.

    Weeks start on Monday (RFC 5545 §3.3.10 with WKST=MO). The first day is produced only when it
    satisfies the rule; a month without a fifth such weekday, or without such a day, is skipped.
    """
    wanted = pattern(rule, first.toordinal(), last.toordinal())
    return tuple(date.fromordinal(day) for day in days_of(wanted))


def occurs_on(rule: Recurrence, day: date) -> bool:
    """Say whether `rule` produces `day`, exceptions apart."""
    return bool(days_of(pattern(rule, day.toordinal(), day.toordinal())))


def civil_spans(schedule: Schedule, first: int, last: int) -> list[CivilSpan]:
    """Return the occurrences of `schedule` that begin on a day from `first` to `last` (ordinals).

    Exceptions applied. In order of day, moved occurrences after the others.
    """
    days = days_of(pattern(schedule.rule, first, last))
    if not schedule.excluded and not schedule.changed:
        return [CivilSpan(day, schedule.start, schedule.end, schedule.days) for day in days]
    gone = {day.toordinal() for day in schedule.excluded}
    moved = {
        change.day.toordinal(): CivilSpan(
            change.new_day.toordinal(), change.start, change.end, change.days
        )
        for change in schedule.changed
        if change.day not in schedule.excluded and occurs_on(schedule.rule, change.day)
    }
    gone.update(moved)
    spans = [
        CivilSpan(day, schedule.start, schedule.end, schedule.days)
        for day in days
        if day not in gone
    ]
    return spans + [span for span in moved.values() if first <= span.day <= last]


def longest(schedule: Schedule) -> int:
    """Return how many midnights an occurrence of `schedule` crosses at most."""
    return max([schedule.days, *(change.days for change in schedule.changed)])


def expand(schedule: Schedule, window: Interval, zone: ZoneInfo) -> tuple[Interval, ...]:
    """Return the occurrences of `schedule` that meet `window`, in order, exceptions applied.

    Civil times in `zone`: 09:00 stays 09:00 across a clock change; a time that does not exist that
    day moves forward by the missing hour, and one that exists twice is the first. An occurrence
    that a clock change leaves empty is dropped. Starts and ends are whole seconds.
    """
    clock = CivilClock(zone)
    lower, upper = seconds_until(window.start), seconds_from(window.end)
    first, last = clock.day(lower) - 1 - longest(schedule), clock.day(upper) + 1
    spans = sorted(clock.span(*civil) for civil in civil_spans(schedule, first, last))
    return tuple(
        Interval(clock.local(start), clock.local(end))
        for start, end in spans
        if start < end and start < upper and end > lower
    )


def _week(day: int) -> int:
    """Number a week; ordinal 1 was a Monday."""
    return (day - 1) // 7


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _weekly(wanted: Pattern) -> list[int]:
    first_week = _week(wanted.first)
    first_week += (wanted.phase - first_week) % wanted.interval
    return [
        week * 7 + 1 + weekday
        for week in range(first_week, _week(wanted.last) + 1, wanted.interval)
        for weekday in wanted.choice
    ]


def _monthly(wanted: Pattern) -> list[int]:
    first_month = _month(date.fromordinal(wanted.first))
    first_month += (wanted.phase - first_month) % wanted.interval
    last_month = _month(date.fromordinal(wanted.last))
    days: list[int] = []
    for month in range(first_month, last_month + 1, wanted.interval):
        number = _day_of_month(wanted, month // 12, month % 12 + 1)
        if number is not None:
            days.append(date(month // 12, month % 12 + 1, number).toordinal())
    return days


def _day_of_month(wanted: Pattern, year: int, month: int) -> int | None:
    """Return the day that the pattern picks in a month, or None when the month has none."""
    first_weekday, length = monthrange(year, month)
    if wanted.frequency is Frequency.MONTHLY_DAY:
        day = wanted.choice[0]
    else:
        weekday, rank = wanted.choice
        first = (weekday - first_weekday) % 7 + 1
        day = first + (length - first) // 7 * 7 if rank == LAST else first + (rank - 1) * 7
    return day if day <= length else None
