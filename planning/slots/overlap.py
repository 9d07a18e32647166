"""Do two openings of one agent share time? A warning for people, never a refusal."""

from datetime import date, time

from planning.slots.engine import add_months
from planning.slots.intervals import Span
from planning.slots.recurrence import civil_spans, longest
from planning.slots.types import Frequency, Schedule

HORIZON_MONTHS = 60

_DAY = 86_400


def overlaps(left: Schedule, right: Schedule, today: date) -> bool:
    """Say whether `first_common_day` finds one."""
    return first_common_day(left, right, today) is not None


def first_common_day(left: Schedule, right: Schedule, today: date) -> date | None:
    """Return the first day, from `today` on, when both happen at the same time, or None.

    Looks until the earlier end of both rules, or five years after today when neither ends. Two
    exceptional openings (without recurrence) are compared whatever the date. Civil time; touching
    is not overlapping.
    """
    first = today.toordinal()
    if Frequency.NONE == left.rule.frequency == right.rule.frequency:
        first = 1
    ends = [day for day in (_last_day(left), _last_day(right)) if day is not None]
    last = min(ends) if ends else add_months(today, HORIZON_MONTHS).toordinal()
    ours, theirs = _occurrences(left, first, last), _occurrences(right, first, last)
    mine = other = 0
    while mine < len(ours) and other < len(theirs):
        start = max(ours[mine][0], theirs[other][0])
        if start < min(ours[mine][1], theirs[other][1]):
            return date.fromordinal(start // _DAY)
        if ours[mine][1] <= theirs[other][1]:
            mine += 1
        else:
            other += 1
    return None


def _occurrences(schedule: Schedule, first: int, last: int) -> list[Span]:
    """Return the occurrences that begin from `first` to `last`, in seconds without a zone."""
    return sorted(
        (
            civil.day * _DAY + _seconds(civil.start),
            (civil.day + civil.days) * _DAY + _seconds(civil.end),
        )
        for civil in civil_spans(schedule, first, last)
    )


def _last_day(schedule: Schedule) -> int | None:
    """Return the ordinal of the last day that may be touched, or None for a rule without end."""
    rule = schedule.rule
    end = rule.first_day if rule.frequency is Frequency.NONE else rule.until
    if end is None:
        return None
    days = [end, *(change.new_day for change in schedule.changed)]
    return max(days).toordinal() + longest(schedule)


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second
