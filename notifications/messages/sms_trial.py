"""The SMS by which an admin of a territoire tries its gateway (C05)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from notifications.messages import render
from notifications.outbox import enqueue

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from notifications.models import OutboxMessage

TRIAL = "sms_trial_agent"
# A trial that is late says nothing of the gateway any more.
STILL_WANTED = timedelta(minutes=30)


def letter(*, phone: str, organisation: Organisation, now: datetime) -> OutboxMessage:
    """Return the SMS, unsaved. `organisation`: any of the territoire, whose gateway is tried."""
    return render.sms(
        TRIAL,
        {},
        place=organisation.territoire.name,
        phone="",
        recipient=phone,
        organisation=organisation,
        dedup_key=f"{TRIAL}:{organisation.territoire_id}:{now.isoformat()}",
        expires_at=now + STILL_WANTED,
    )


def try_gateway(*, phone: str, organisation: Organisation, now: datetime) -> OutboxMessage | None:
    """Queue the SMS. `phone`: E.164."""
    return enqueue(letter(phone=phone, organisation=organisation, now=now), now=now)
