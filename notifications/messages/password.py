"""The e-mail that lets an agent choose a new password (G08)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from notifications.messages import render
from notifications.outbox import enqueue

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from notifications.models import OutboxMessage

RESET = "password_reset"
LINK_VALID = timedelta(days=3)


def announce_password_reset(
    *, email: str, first_name: str, url: str, organisation: Organisation | None, now: datetime
) -> OutboxMessage | None:
    """Queue the mail with the single-use link `url` (absolute, valid 3 days: the settings').

    `organisation` lends the name and the sender of its brand.
    """
    message = render.email(
        RESET,
        {"first_name": first_name, "link": url},
        recipient=email,
        recipient_name="",
        dedup_key=f"{RESET}:{hashlib.sha256(url.encode()).hexdigest()}",
        secret_link=url,
        expires_at=now + LINK_VALID,
        organisation=organisation,
    )
    return enqueue(message, now=now)
