from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from rdv.common.templatetags.rdv_format import (
    rdv_day,
    rdv_duration,
    rdv_instant,
    rdv_phone,
    rdv_time,
    rdv_unbroken,
)

HALF_PAST_NINE_UTC = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/Paris", "mardi 24 novembre 2026 à 10 h 30"),
        ("Indian/Reunion", "mardi 24 novembre 2026 à 13 h 30"),
        ("Pacific/Tahiti", "lundi 23 novembre 2026 à 23 h 30"),
    ],
)
def test_an_instant_is_written_in_full_in_the_active_zone(zone, expected):
    with timezone.override(zone):
        assert rdv_instant(HALF_PAST_NINE_UTC) == expected


def test_a_day_is_that_of_the_active_zone():
    with timezone.override("Pacific/Tahiti"):
        assert rdv_day(HALF_PAST_NINE_UTC) == "lundi 23 novembre 2026"
    assert rdv_day(date(2027, 1, 1)) == "vendredi 1er janvier 2027"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (time(10, 30), "10 h 30"),
        (time(9), "9 h"),
        (time(0, 5), "0 h 05"),
        (HALF_PAST_NINE_UTC, "10 h 30"),
    ],
)
def test_times(moment, expected):
    with timezone.override("Europe/Paris"):
        assert rdv_time(moment) == expected


@pytest.mark.parametrize(
    ("duration", "expected"),
    [(30, "30 min"), (60, "1 h"), (90, "1 h 30"), (65, "1 h 05"), (timedelta(hours=2), "2 h")],
)
def test_durations(duration, expected):
    assert rdv_duration(duration) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+33639981234", "06 39 98 12 34"),
        ("+262692123456", "0692 12 34 56"),
        ("+212661234567", "+212 6 61 23 45 67"),
        ("", ""),
    ],
)
def test_phones_are_written_as_people_write_them(number, expected):
    assert rdv_phone(number) == expected


@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_prints_nothing(nothing):
    filters = (rdv_instant, rdv_day, rdv_time, rdv_duration, rdv_phone)
    assert {function(nothing) for function in filters} == {""}


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (time(10, 30), "10:30 am"),
        (time(9), "9 am"),
        (time(0, 5), "12:05 am"),
        (time(0), "midnight"),
        (time(12), "midday"),
        (time(12, 15), "12:15 pm"),
        (time(23, 30), "11:30 pm"),
    ],
)
def test_A11_times_in_english(moment, expected):
    with override("en"):
        assert rdv_time(moment) == expected


def test_A11_dates_and_durations_in_english():
    with override("en"), timezone.override("Europe/Paris"):
        assert rdv_instant(HALF_PAST_NINE_UTC) == "Tuesday 24 November 2026 at 10:30 am"
        assert rdv_day(date(2027, 1, 1)) == "Friday 1 January 2027"
        assert [rdv_duration(n) for n in (30, 60, 90)] == ["30 min", "1 hr", "1 hr 30 min"]
        assert rdv_unbroken("Held until 10:30 am") == "Held until 10:30\u00a0am"
        assert rdv_unbroken("1 hr 30 min") == "1\u00a0hr\u00a030\u00a0min"
