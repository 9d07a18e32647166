"""Days of a rule, against dateutil and the day walker; instants, against the oracle."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from hypothesis import given
from hypothesis import strategies as st

from planning.slots.recurrence import days_between, expand, occurs_on
from planning.slots.types import LAST, Change, Frequency, Interval, Recurrence, Schedule
from tests.unit.slots.oracle import meeting, minutes_of, walked_days
from tests.unit.slots.strategies import DAY, ZONES, days_near, instants, rules, schedules

PARIS = ZoneInfo("Europe/Paris")
MIDDLE = date(2025, 3, 30)


def by_dateutil(rule: Recurrence, last: date) -> list[date]:
    """The same rule in the words of RFC 5545."""
    start = datetime.combine(rule.first_day, time.min)
    weekdays = rule.weekdays or {rule.first_day.weekday()}
    until = datetime.combine(min(last, rule.until or last), time.min)
    words = {"dtstart": start, "until": until, "interval": rule.interval, "wkst": rrule.MO}
    match rule.frequency:
        case Frequency.NONE:
            frequency, words["count"] = rrule.DAILY, 1
            del words["until"]
        case Frequency.WEEKLY:
            frequency, words["byweekday"] = rrule.WEEKLY, sorted(weekdays)
        case Frequency.MONTHLY_WEEKDAY:
            rank = rule.rank or (rule.first_day.day + 6) // 7
            frequency = rrule.MONTHLY
            words["byweekday"] = rrule.weekday(min(weekdays), rank)
        case Frequency.MONTHLY_DAY:
            frequency, words["bymonthday"] = rrule.MONTHLY, rule.first_day.day
    days = [moment.date() for moment in rrule.rrule(frequency, **words)]
    return [day for day in days if day <= min(last, rule.until or last)]


@given(rules(MIDDLE), st.integers(0, 900))
def test_days_agree_with_dateutil_and_with_a_walk(rule, reach):
    last = MIDDLE + reach * DAY
    days = list(days_between(rule, date(2024, 1, 1), last))
    assert days == by_dateutil(rule, last)
    assert days == list(walked_days(rule, last))


@given(rules(MIDDLE), days_near(MIDDLE, 100, 100), st.integers(0, 60))
def test_a_range_holds_the_days_on_which_the_rule_occurs(rule, first, length):
    window = [first + shift * DAY for shift in range(length + 1)]
    assert list(days_between(rule, window[0], window[-1])) == [
        day for day in window if occurs_on(rule, day)
    ]


@given(st.data())
def test_expansion_agrees_with_the_oracle(data):
    name = data.draw(st.sampled_from(sorted(ZONES)))
    zone, day = ZoneInfo(name), ZONES[name][0]
    schedule = data.draw(schedules(day, 3))
    start = data.draw(instants(day))
    window = Interval(start, start + timedelta(minutes=data.draw(st.integers(1, 10_000))))
    found = expand(schedule, window, zone)
    assert [(minutes_of(each.start), minutes_of(each.end)) for each in found] == meeting(
        schedule, window, zone
    )
    assert all(each.start.tzinfo is zone for each in found)


def test_a_rule_that_ends_before_it_begins_gives_nothing():
    rule = Recurrence(date(2025, 3, 3), Frequency.WEEKLY, until=date(2025, 3, 2))
    assert days_between(rule, date(2025, 1, 1), date(2026, 1, 1)) == ()


def test_last_friday_of_the_month():
    rule = Recurrence(
        date(2025, 1, 31), Frequency.MONTHLY_WEEKDAY, weekdays=frozenset({4}), rank=LAST
    )
    assert days_between(rule, date(2025, 1, 1), date(2025, 4, 30)) == (
        date(2025, 1, 31),
        date(2025, 2, 28),
        date(2025, 3, 28),
        date(2025, 4, 25),
    )


def test_day_31_skips_short_months():
    rule = Recurrence(date(2025, 1, 31), Frequency.MONTHLY_DAY)
    assert days_between(rule, date(2025, 1, 1), date(2025, 6, 30)) == (
        date(2025, 1, 31),
        date(2025, 3, 31),
        date(2025, 5, 31),
    )


def test_exceptions_skip_move_and_resize_one_occurrence():
    monday = date(2025, 2, 3)
    schedule = Schedule(
        Recurrence(monday, Frequency.WEEKLY),
        time(9),
        time(12),
        excluded=frozenset({monday, monday + 21 * DAY}),
        changed=(
            Change(monday + 7 * DAY, monday + 9 * DAY, time(14), time(15)),
            Change(monday + 8 * DAY, monday + 8 * DAY, time(1), time(2)),  # no such occurrence
            Change(monday + 21 * DAY, monday + 22 * DAY, time(1), time(2)),  # excluded as well
        ),
    )
    window = Interval(datetime(2025, 2, 1, tzinfo=PARIS), datetime(2025, 3, 4, tzinfo=PARIS))
    assert [each.start.strftime("%d/%m %H:%M") for each in expand(schedule, window, PARIS)] == [
        "12/02 14:00",
        "17/02 09:00",
        "03/03 09:00",
    ]


def test_an_occurrence_that_the_clock_change_empties_is_dropped():
    night = Schedule(Recurrence(date(2025, 3, 30)), time(2, 30), time(3, 15))
    window = Interval(datetime(2025, 3, 29, tzinfo=PARIS), datetime(2025, 4, 1, tzinfo=PARIS))
    assert expand(night, window, PARIS) == ()


@pytest.mark.parametrize(
    "wrong",
    [{"interval": 0}, {"weekdays": frozenset({7})}, {"rank": 0}, {"rank": 6}, {"rank": -2}],
)
def test_impossible_rules_are_refused(wrong):
    with pytest.raises(ValueError, match=r"recurrence|weekday|rank"):
        Recurrence(MIDDLE, Frequency.WEEKLY, **wrong)


def test_an_interval_is_aware_and_not_empty():
    start = datetime(2025, 1, 1, tzinfo=PARIS)
    with pytest.raises(ValueError, match="aware"):
        Interval(start, datetime(2025, 1, 2))
    with pytest.raises(ValueError, match="ends after"):
        Interval(start, start)


def test_an_interval_may_cross_the_repeated_hour():
    first = datetime(2025, 10, 26, 2, 30, tzinfo=PARIS)
    assert Interval(first, datetime(2025, 10, 26, 2, 10, fold=1, tzinfo=PARIS))
