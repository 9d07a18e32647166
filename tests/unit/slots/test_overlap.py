"""Overlap warnings beyond the table of cases."""

from dataclasses import replace
from datetime import date, time

from hypothesis import given

from planning.slots.overlap import first_common_day, overlaps
from planning.slots.recurrence import days_between
from planning.slots.types import Change, Frequency, Recurrence, Schedule
from tests.unit.slots.strategies import DAY, days_near, hours, rules

TODAY = date(2025, 3, 30)
WEEKLY = Schedule(Recurrence(TODAY, Frequency.WEEKLY), time(9), time(12))


@given(rules(TODAY), rules(TODAY), hours, hours, days_near(TODAY))
def test_the_first_common_day_is_the_first_of_both(left, right, mine, theirs, today):
    found = first_common_day(Schedule(left, *mine), Schedule(right, *theirs), today)
    both_single = Frequency.NONE == left.frequency == right.frequency
    first = date(2024, 1, 1) if both_single else today
    last = date(2032, 1, 1) if left.until or right.until else today.replace(year=today.year + 5)
    common = set(days_between(left, first, last)) & set(days_between(right, first, last))
    hours_meet = max(mine[0], theirs[0]) < min(mine[1], theirs[1])
    assert found == (min(common, default=None) if hours_meet else None)


@given(rules(TODAY), rules(TODAY), hours, hours)
def test_overlapping_is_mutual(left, right, mine, theirs):
    one, other = Schedule(left, *mine), Schedule(right, *theirs)
    assert first_common_day(one, other, TODAY) == first_common_day(other, one, TODAY)


def test_conflicts_later_than_six_months_are_seen():
    late = replace(WEEKLY, rule=Recurrence(TODAY + 52 * 7 * DAY))
    assert first_common_day(WEEKLY, late, TODAY) == late.rule.first_day


def test_five_years_without_end_and_until_the_earlier_end():
    beginning = TODAY + 7 * 300 * DAY
    later = replace(WEEKLY, rule=Recurrence(beginning, Frequency.WEEKLY))
    assert not overlaps(WEEKLY, later, TODAY)
    ended = replace(WEEKLY, rule=replace(WEEKLY.rule, until=beginning))
    assert first_common_day(ended, later, TODAY) == beginning


def test_exceptions_count():
    single = Schedule(Recurrence(TODAY + 7 * DAY), time(9), time(12))
    assert overlaps(WEEKLY, single, TODAY)
    assert not overlaps(replace(WEEKLY, excluded=frozenset({TODAY + 7 * DAY})), single, TODAY)
    moved = Change(TODAY + 14 * DAY, TODAY + 8 * DAY, time(9), time(12))
    tuesday = replace(single, rule=Recurrence(TODAY + 8 * DAY))
    assert not overlaps(WEEKLY, tuesday, TODAY)
    assert overlaps(replace(WEEKLY, changed=(moved,)), tuesday, TODAY)
