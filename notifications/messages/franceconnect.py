"""The e-mail that ties an identity of FranceConnect to an address (A04, decision 20)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

from notifications.messages import render
from notifications.outbox import enqueue

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from notifications.models import OutboxMessage

VERIFY = "franceconnect_verify"
LINK_VALID = timedelta(hours=24)


def announce_franceconnect_link(
    *, email: str, url: str, organisation: Organisation | None, now: datetime
) -> OutboxMessage | None:
    """Queue the mail with the single-use link `url` (absolute, valid 24 h).

    Anybody may declare any address to FranceConnect: the mail names nobody. The page of the link
    says whose identity it is, before its button.
    """
    with translation.override(settings.LANGUAGE_CODE):
        message = render.email(
            VERIFY,
            {"first_name": "", "link": url},
            recipient=email,
            recipient_name="",
            dedup_key=f"{VERIFY}:{hashlib.sha256(url.encode()).hexdigest()}",
            secret_link=url,
            organisation=organisation,
            reply_to=organisation.email if organisation else "",
            expires_at=now + LINK_VALID,
        )
        return enqueue(message, now=now)
