"""The e-mail that lets somebody go on with a booking (A05)."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import translation

from notifications.messages import render
from notifications.outbox import enqueue
from rdv.common.french import instant_text

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from agents.models import Organisation
    from notifications.models import OutboxMessage

VERIFY = "booking_verify"
LINK_VALID = timedelta(hours=24)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ ’'-]){0,39}")


def announce_booking_link(
    *,
    email: str,
    first_name: str,
    url: str,
    starts_at: datetime,
    zone: ZoneInfo,
    organisation: Organisation,
    language: str,
    now: datetime,
) -> OutboxMessage | None:
    """Queue the mail with the single-use link `url` (absolute, valid 24 h), in their `language`.

    Anybody may type any address: the mail repeats nothing of what was typed but a first name that
    looks like one. It says the time of the créneau, never what it is for.
    """
    with translation.override(language):
        context = {
            "first_name": first_name if _NAME.fullmatch(first_name) else "",
            "when": instant_text(starts_at.astimezone(zone)),
            "organisation": organisation.name,
            "link": url,
        }
        message = render.email(
            VERIFY,
            context,
            language=language,
            recipient=email,
            recipient_name="",
            dedup_key=f"{VERIFY}:{hashlib.sha256(url.encode()).hexdigest()}",
            secret_link=url,
            organisation=organisation,
            reply_to=organisation.email,
            expires_at=min(starts_at, now + LINK_VALID),
        )
        return enqueue(message, now=now)
