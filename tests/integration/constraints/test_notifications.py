"""Each constraint of notifications refuses its bad row, and says why in French."""

from __future__ import annotations

import itertools

import pytest

from notifications.models import BlockedAddress, DeliveryAttempt, OutboxMessage
from tests.factories.planning import NOW
from tests.integration.constraints.doors import (
    changed,
    check_message,
    check_refusal,
    constraints,
    params,
    twin,
)

pytestmark = pytest.mark.django_db
NUMBERS = itertools.count()


def message():
    return OutboxMessage.objects.create(
        kind="rdv_created",
        channel="email",
        dedup_key=f"test:{next(NUMBERS)}",
        recipient="lea@example.fr",
        body="Bonjour",
        available_at=NOW,
        created_at=NOW,
    )


def blocked():
    return BlockedAddress.objects.create(
        channel="email", address=f"lea{next(NUMBERS)}@example.fr", reason="bounce", at=NOW
    )


def attempt():
    return DeliveryAttempt.objects.create(message=message(), at=NOW, succeeded=True)


CASES = {
    "outbox_channel_known": [changed(message, channel="pigeon")],
    "outbox_state_known": [changed(message, state="perdu")],
    "outbox_sent_at_matches_state": [
        changed(message, state="sent"),
        changed(message, sent_at=NOW),
    ],
    "outbox_closed_at_matches_state": [
        changed(message, state="failed"),
        changed(message, state="abandoned"),
        changed(message, closed_at=NOW),
    ],
    "outbox_lease_iff_sending": [
        changed(message, state="sending"),
        changed(message, lease_until=NOW),
    ],
    "outbox_grouped_iff_in_another": [
        changed(message, state="grouped"),
    ],
    "outbox_recipient_not_blank": [
        changed(message, recipient=""),
        changed(message, recipient="", state="sending", lease_until=NOW),
    ],
    "outbox_ics_has_a_method": [
        changed(message, ics="BEGIN:VCALENDAR"),
        changed(message, ics_method="REQUEST"),
        changed(message, ics="BEGIN:VCALENDAR", ics_method="REPLY"),
    ],
    "outbox_failure_known": [
        changed(message, state="failed", closed_at=NOW, failure="fatigue"),
    ],
    "outbox_failure_only_when_closed": [changed(message, failure="refused")],
    "outbox_delivered_only_when_sent": [changed(message, delivered_at=NOW)],
    "blocked_address_channel_known": [changed(blocked, channel="pigeon")],
    "blocked_address_reason_known": [changed(blocked, reason="humeur")],
    "blocked_address_once": [twin(blocked, "address")],
    "blocked_address_not_blank": [changed(blocked, address="")],
    "blocked_address_cleared_by_somebody": [changed(blocked, cleared_at=NOW)],
    "delivery_attempt_failure_is_explained": [changed(attempt, succeeded=False)],
}


def test_every_constraint_has_a_case():
    assert set(CASES) == set(constraints("notifications"))


@pytest.mark.parametrize(("name", "case"), params(CASES))
def test_the_database_refuses(name, case):
    check_refusal(name, case)


@pytest.mark.parametrize(("name", "case"), params(CASES))
def test_full_clean_says_why(name, case):
    check_message("notifications", name, case)
