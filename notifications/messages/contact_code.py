"""The six digits that prove that somebody reads an address (decision 22, A09)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from notifications.messages import render
from notifications.outbox import enqueue

if TYPE_CHECKING:
    from datetime import datetime

    from notifications.models import OutboxMessage
    from usagers.models import ContactCode

CONTACT_CODE = "contact_code"


def announce_contact_code(
    row: ContactCode, *, digits: str, language: str, now: datetime
) -> OutboxMessage | None:
    """Queue the code to the address of `row`: an e-mail, or an SMS.

    The digits are erased from our tables once it has left, as the personal links are.
    """
    return enqueue(letter(row, digits=digits, language=language), now=now)


def letter(row: ContactCode, *, digits: str, language: str = "") -> OutboxMessage:
    """Return the unsaved message. It repeats nothing of what was typed: anybody types anything."""
    minutes = round((row.expires_at - row.created_at).total_seconds() / 60)
    context = {"digits": digits, "minutes": minutes}
    columns: dict[str, Any] = {
        "dedup_key": f"{CONTACT_CODE}:{row.uuid}",
        "secret_link": digits,
        "expires_at": row.expires_at,
        "language": language or settings.LANGUAGE_CODE,
    }
    if row.email:
        return render.email(CONTACT_CODE, context, recipient=row.email, **columns)
    phone = str(row.phone_number)
    return render.sms(CONTACT_CODE, context, place="", phone="", recipient=phone, **columns)
