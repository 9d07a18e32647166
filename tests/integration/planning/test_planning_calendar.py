"""D01: the RRULE of a plage gives the days of its rule, read back by icalendar and dateutil."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rruleset, rrulestr
from hypothesis import given, settings
from icalendar import Calendar

from notifications.ics import Appointment, Mailbox, series_text
from planning.services.planning_calendar import series_of
from planning.slots.recurrence import expand
from planning.slots.types import Change, Frequency, Interval, Recurrence, Schedule
from tests.unit.slots.cases import _opening_schedule, load
from tests.unit.slots.strategies import rules

PARIS = ZoneInfo("Europe/Paris")
STAMP = datetime(2027, 1, 4, 8, tzinfo=UTC)
FIRST = date(2026, 3, 2)


def written(schedule, zone=PARIS, method="PUBLISH"):
    someday = datetime(2027, 1, 1, tzinfo=UTC)
    base = Appointment("uid-1", 4, someday, someday, str(zone), "Plage d’ouverture")
    series = series_of(schedule, zone=zone, appointment=base)
    return series_text([series], method=method, organizer=Mailbox("a@b.fr"), stamp=STAMP)


def read(text, window, zone):
    """Return the occurrences that an outside calendar shows, by icalendar and dateutil alone."""
    events = Calendar.from_ical(text).walk("VEVENT")
    base = next(event for event in events if "RECURRENCE-ID" not in event)
    start, end = base.decoded("DTSTART"), base.decoded("DTEND")
    found = rruleset()
    if "RRULE" in base:
        # Civil times: dateutil repeats the wall clock, UNTIL is compared in UTC.
        found.rrule(rrulestr(base["RRULE"].to_ical().decode(), dtstart=start))
    else:
        found.rdate(start)
    exdates = base.get("EXDATE")
    for exdate in exdates.dts if exdates else ():
        found.exdate(exdate.dt)
    for event in events:
        if "RECURRENCE-ID" in event:
            found.exdate(event.decoded("RECURRENCE-ID"))
    length = end.replace(tzinfo=None) - start.replace(tzinfo=None)
    margin = timedelta(days=40)
    spans = [
        (each, (each.replace(tzinfo=None) + length).replace(tzinfo=zone))
        for each in found.between(window.start - margin, window.end + margin, inc=True)
    ]
    spans += [
        (event.decoded("DTSTART"), event.decoded("DTEND"))
        for event in events
        if "RECURRENCE-ID" in event
    ]
    return sorted(
        (s.astimezone(UTC), e.astimezone(UTC))
        for s, e in spans
        if s < window.end and e > window.start
    )


def expected(schedule, window, zone):
    return sorted(
        (span.start.astimezone(UTC), span.end.astimezone(UTC))
        for span in expand(schedule, window, zone)
    )


def year_from(day, zone=PARIS):
    start = datetime.combine(day, time(), zone)
    return Interval(start, start + timedelta(days=500))


@pytest.mark.parametrize("case", load("occurrence_cases"), ids=lambda case: case["id"])
def test_D01_the_cases_of_recurrence_round_trip(case):
    schedule, zone = _opening_schedule(case["opening"]), ZoneInfo(case["timezone"])
    if case["id"] == "R18":
        schedule = replace(schedule, start=time(3), end=time(4))  # outside of the missing hour
    window = year_from(schedule.rule.first_day - timedelta(days=10), zone)
    assert read(written(schedule, zone), window, zone) == expected(schedule, window, zone)


@settings(max_examples=60, deadline=None)
@given(rules(FIRST))
def test_D01_any_rule_round_trips(rule):
    schedule = Schedule(rule, time(9), time(12))
    window = year_from(rule.first_day)
    if expected(schedule, window, PARIS):
        assert read(written(schedule), window, PARIS) == expected(schedule, window, PARIS)


def test_D01_exceptions_and_nights_round_trip():
    schedule = Schedule(
        Recurrence(FIRST, Frequency.WEEKLY, interval=2, weekdays=frozenset({0, 6})),
        time(22),
        time(6),
        days=2,
        excluded=frozenset({FIRST + timedelta(days=14)}),
        changed=(
            Change(FIRST + timedelta(days=6), FIRST + timedelta(days=9), time(8), time(9), 1),
        ),
    )
    window = year_from(FIRST)
    text = written(schedule)
    assert read(text, window, PARIS) == expected(schedule, window, PARIS)
    assert "WKST=MO" in text
    assert text.count("BEGIN:VEVENT") == 2
    assert text.count("SEQUENCE:4") == 2


def test_D01_the_calendar_begins_on_a_day_that_the_rule_gives():
    # The rule begins on a Wednesday; every other week, on Monday: the first one is 12 days later.
    rule = Recurrence(date(2026, 3, 4), Frequency.WEEKLY, interval=2, weekdays=frozenset({0}))
    (event,) = Calendar.from_ical(written(Schedule(rule, time(9), time(12)))).walk("VEVENT")
    assert event.decoded("DTSTART").date() == date(2026, 3, 16)


def test_D01_a_cancellation_names_the_series_alone():
    rule = Recurrence(FIRST, Frequency.WEEKLY)
    (event,) = Calendar.from_ical(written(Schedule(rule, time(9), time(12)), method="CANCEL")).walk(
        "VEVENT"
    )
    assert (str(event["STATUS"]), "RRULE" in event) == ("CANCELLED", False)
