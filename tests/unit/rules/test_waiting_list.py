"""Decision 28: when offers leave, how long they last, what is news."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from planning.rules.waiting_list import held_until, is_new, may_offer, refusal_to_wait, still_known

PARIS, REUNION = ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion")
EASTER_MONDAY = date(2027, 3, 29)
HALF_HOUR, HOUR = timedelta(minutes=30), timedelta(hours=1)
NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2027-03-26T07:59", False),  # Friday
        ("2027-03-26T08:00", True),
        ("2027-03-26T19:59", True),
        ("2027-03-26T20:00", False),
        ("2027-03-27T10:00", False),  # Saturday
        ("2027-03-28T10:00", False),
        ("2027-03-29T10:00", False),  # Easter Monday
        ("2027-03-30T08:00", True),
    ],
)
@pytest.mark.parametrize("zone", [PARIS, REUNION])
def test_decision_28_offers_leave_on_working_days_by_the_clock_of_the_territoire(
    zone, local, expected
):
    now = datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC)
    assert may_offer(now, zone=zone, is_holiday=lambda day: day == EASTER_MONDAY) is expected


@pytest.mark.parametrize(
    ("starts_in", "min_delay", "expected"),
    [
        (timedelta(days=3), HOUR, timedelta(hours=2)),
        (timedelta(hours=2), HOUR, HOUR),
        (timedelta(minutes=75), HOUR, timedelta(minutes=15)),
        (timedelta(minutes=74), HOUR, None),
        (timedelta(minutes=30), HOUR, None),
    ],
)
def test_decision_28_held_two_hours_or_until_the_minimum_delay(starts_in, min_delay, expected):
    end = held_until(NOW, NOW + starts_in, min_delay=min_delay)
    assert end == (NOW + expected if expected else None)


def test_decision_28_time_that_was_free_before_is_no_news_on_another_grid():
    known = [NOW]
    assert not is_new(NOW, known, duration=HALF_HOUR)
    assert not is_new(NOW + timedelta(minutes=10), known, duration=HALF_HOUR)
    assert is_new(NOW + HALF_HOUR, known, duration=HALF_HOUR)
    assert is_new(NOW - HALF_HOUR, known, duration=HALF_HOUR)
    # Taken since: it is news when it is freed again.
    assert still_known(known, [NOW + HOUR], duration=HALF_HOUR) == []
    assert still_known(known, [NOW + timedelta(minutes=10)], duration=HALF_HOUR) == known


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"starts_at": NOW + timedelta(days=7)}, "moins de sept jours"),
        ({"motif_waits": False}, "pas de liste d’attente"),
        ({"is_at_home": True}, "pas de liste d’attente"),
        ({"is_told": False}, "pas de liste d’attente"),
        ({"refusal_to_move": "Appelez le service."}, "Appelez le service."),
    ],
)
def test_decision_28_whose_rdv_may_wait(changes, words):
    facts = {
        "starts_at": NOW + timedelta(days=7, minutes=1),
        "motif_waits": True,
        "is_at_home": False,
        "is_told": True,
        "refusal_to_move": None,
        "now": NOW,
    }
    refusal = refusal_to_wait(**facts | changes)
    assert refusal is None if words is None else words in refusal
