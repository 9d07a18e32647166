"""E07: why somebody may not register, in French."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from planning.rules import registration as rule

START = datetime(2027, 1, 11, 9, tzinfo=UTC)


def refusal(now, status="unknown", *, is_open=True):
    return rule.refusal_of_public(
        status=status,
        is_open=is_open,
        starts_at=START,
        min_delay=timedelta(hours=1),
        max_delay=timedelta(hours=2),
        now=now,
    )


def test_E07_the_window_of_registration_includes_both_ends():
    second = timedelta(seconds=1)
    assert refusal(START - timedelta(hours=2) - second) == rule.TOO_EARLY
    assert refusal(START - timedelta(hours=2)) == ""
    assert refusal(START - timedelta(hours=1)) == ""
    assert refusal(START - timedelta(hours=1) + second) == rule.TOO_LATE


def test_E07_what_is_over_or_closed_says_so():
    inside = START - timedelta(minutes=90)
    assert refusal(inside, "revoked") == rule.CANCELLED_WORKSHOP
    assert refusal(inside, "seen") == rule.TOO_LATE
    assert refusal(inside, is_open=False) == rule.NOT_ONLINE
