"""C01, C06, decision 1: the instant of a reminder, against a walk minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.rules.reminder import due_at, is_deserved, leaves_at, next_allowed
from planning.slots.holidays import public_holidays
from rdv.common.timezones import HolidayZone, Zone

PARIS = ZoneInfo("Europe/Paris")
MINUTE = timedelta(minutes=1)


def holidays_of(zone):
    return lambda day: day in public_holidays(zone, day.year)


METROPOLE = holidays_of("metropole")


def is_allowed(instant, zone, is_holiday):
    """Say decision 1 again, in other words: hours, Sundays, holidays of the local clock."""
    local = instant.astimezone(zone)
    minutes = local.hour * 60 + local.minute
    return 480 <= minutes <= 1200 and local.isoweekday() != 7 and not is_holiday(local.date())


def walk(instant, step, zone, is_holiday):
    while not is_allowed(instant, zone, is_holiday):
        instant += step
    return instant


minutes_of_2026_to_2029 = st.integers(0, 4 * 365 * 24 * 60 - 1).map(
    lambda n: datetime(2026, 1, 1, tzinfo=UTC) + n * MINUTE
)
# Where a wrong rule shows: holidays in a row, clock changes, ends of years.
sharp_minutes = st.builds(
    lambda day, n: day + n * MINUTE,
    st.sampled_from(
        [
            datetime(2027, 3, 28, tzinfo=UTC),
            datetime(2027, 5, 8, tzinfo=UTC),
            datetime(2026, 10, 25, tzinfo=UTC),
            datetime(2026, 12, 26, tzinfo=UTC),
            datetime(2027, 1, 3, tzinfo=UTC),
            datetime(2028, 5, 1, tzinfo=UTC),
        ]
    ),
    st.integers(-2 * 24 * 60, 5 * 24 * 60),
)
instants = minutes_of_2026_to_2029 | sharp_minutes
zones = st.sampled_from(Zone.values).map(ZoneInfo)
calendars = st.sampled_from(HolidayZone.values).map(holidays_of)


@settings(max_examples=300)
@given(starts_at=instants, zone=zones, is_holiday=calendars)
def test_decision_1_due_at_is_what_a_walk_back_finds(starts_at, zone, is_holiday):
    expected = walk(starts_at - timedelta(hours=48), -MINUTE, zone, is_holiday)
    found = due_at(starts_at, zone=zone, is_holiday=is_holiday)
    assert found == expected
    assert found.utcoffset() == timedelta(0)


@settings(max_examples=300)
@given(now=instants, zone=zones, is_holiday=calendars)
def test_decision_1_next_allowed_is_what_a_walk_on_finds(now, zone, is_holiday):
    assert next_allowed(now, zone=zone, is_holiday=is_holiday) == walk(
        now, MINUTE, zone, is_holiday
    )


@pytest.mark.parametrize(
    ("start", "due"),
    [
        # Thursday 25 March 2027, 10:30 -> Tuesday 10:30
        (datetime(2027, 3, 25, 10, 30), datetime(2027, 3, 23, 10, 30)),
        # Tuesday 10:00 -> Sunday (clock change, Easter) -> Saturday 20:00
        (datetime(2027, 3, 30, 10), datetime(2027, 3, 27, 20)),
        # Wednesday 31 -> Easter Monday -> Sunday -> Saturday 20:00
        (datetime(2027, 3, 31, 15), datetime(2027, 3, 27, 20)),
        # Monday 9:00 -> Saturday, 48 absolute hours before: 8:00 of the clock before the change
        (datetime(2027, 3, 29, 9), datetime(2027, 3, 27, 8)),
        # Monday 8:30 -> Saturday 7:30 -> Friday 20:00
        (datetime(2027, 3, 29, 8, 30), datetime(2027, 3, 26, 20)),
        # 1 January is a holiday (scenario 74): Thursday 3 January 2019, 10:30 -> 31 December
        (datetime(2019, 1, 3, 10, 30), datetime(2018, 12, 31, 20)),
        # Exactly 8:00 and exactly 20:00 are inside
        (datetime(2027, 3, 25, 8), datetime(2027, 3, 23, 8)),
        (datetime(2027, 3, 25, 20), datetime(2027, 3, 23, 20)),
        (datetime(2027, 3, 25, 20, 1), datetime(2027, 3, 23, 20)),
    ],
)
def test_decision_1_examples(start, due):
    found = due_at(start.replace(tzinfo=PARIS), zone=PARIS, is_holiday=METROPOLE)
    assert found == due.replace(tzinfo=PARIS)


def test_decision_1_holidays_are_those_of_the_territoire():
    start = datetime(2027, 3, 28, 10, tzinfo=PARIS)  # Good Friday is closed in Alsace-Moselle
    alsace = holidays_of("alsace-moselle")
    assert due_at(start, zone=PARIS, is_holiday=METROPOLE).date() == date(2027, 3, 26)
    assert due_at(start, zone=PARIS, is_holiday=alsace).date() == date(2027, 3, 25)


def test_decision_1_later_than_the_due_instant_gets_none():
    due = datetime(2027, 3, 23, 9, 30, tzinfo=UTC)
    assert is_deserved(due, set_at=due)
    assert not is_deserved(due, set_at=due + timedelta(microseconds=1))


def at(day, hour, minute=0):
    return datetime(2027, 3, day, hour, minute, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("due", "start", "now", "leaves"),
    [
        (at(23, 10, 30), at(25, 10, 30), at(23, 9), at(23, 10, 30)),  # not yet
        (at(27, 20), at(30, 10), at(27, 20, 1), at(27, 20, 1)),  # on time, a minute after 20:00
        (at(23, 10, 30), at(25, 10, 30), at(23, 16), at(23, 16)),  # outage, in the hours
        (at(23, 10, 30), at(25, 10, 30), at(23, 23), at(24, 8)),  # outage, at night
        (at(27, 8), at(29, 9), at(28, 12), at(28, 12)),  # no allowed instant before the start
        (at(27, 20), at(30, 10), at(28, 12), at(30, 8)),  # Sunday, Easter Monday: Tuesday 8:00
        (at(27, 20), at(30, 8), at(28, 12), at(28, 12)),  # 8:00 is no longer before 8:00
        (at(23, 10, 30), at(25, 10, 30), at(25, 10, 30), None),  # begun
    ],
)
def test_C06_after_an_outage(due, start, now, leaves):
    found = leaves_at(due, start, now=now, zone=PARIS, is_holiday=METROPOLE)
    assert found == leaves
