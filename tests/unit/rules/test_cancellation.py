"""When a RDV may be cancelled (decision 2)."""

from datetime import UTC, datetime, timedelta

import pytest

from planning.rules import status
from planning.rules.cancellation import refusal_to_cancel

START = datetime(2027, 1, 11, 9, tzinfo=UTC)


def refusal(**changes):
    values = {
        "status": status.UNKNOWN,
        "starts_at": START,
        "by_usager": True,
        "motif_allows": True,
        "now": START - timedelta(hours=5),
    }
    return refusal_to_cancel(**{**values, **changes})


@pytest.mark.parametrize(
    ("before", "allowed"),
    [
        (timedelta(days=30), True),
        (timedelta(hours=4, microseconds=1), True),
        (timedelta(hours=4), True),  # exactly four hours is in time
        (timedelta(hours=4) - timedelta(microseconds=1), False),
        (timedelta(0), False),
        (-timedelta(minutes=1), False),
    ],
)
def test_A08_decision_2_four_hours(before, allowed):
    assert (refusal(now=START - before) is None) == allowed


def test_A08_the_motif_decides():
    assert "ne peut pas être annulé en ligne" in refusal(motif_allows=False)


@pytest.mark.parametrize("done", status.CANCELLED)
@pytest.mark.parametrize("by_usager", [True, False])
def test_nobody_cancels_twice(done, by_usager):
    assert refusal(status=done, by_usager=by_usager) == "Ce rendez-vous est déjà annulé."


@pytest.mark.parametrize("given", [status.SEEN, status.NOSHOW])
def test_an_usager_does_not_cancel_what_took_place(given):
    assert "déjà commencé" in refusal(status=given)


@pytest.mark.parametrize("now", [START - timedelta(minutes=5), START + timedelta(days=3)])
def test_an_agent_cancels_before_and_after(now):
    assert refusal(by_usager=False, motif_allows=False, now=now) is None


@pytest.mark.parametrize("given", [status.SEEN, status.NOSHOW])
def test_E06_an_agent_does_not_cancel_what_was_filled_in(given):
    assert "déjà renseigné" in refusal(by_usager=False, status=given)
