"""The six digits that prove that somebody reads an address (decision 22, A09)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from notifications.branding import site_name
from notifications.messages import render
from notifications.outbox import enqueue

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from notifications.models import OutboxMessage
    from usagers.models import ContactCode

CONTACT_CODE = "contact_code"


def announce_contact_code(
    row: ContactCode,
    *,
    digits: str,
    language: str,
    now: datetime,
    organisation: Organisation | None = None,
    brand_name: str = "",
) -> OutboxMessage | None:
    """Queue the code to the address of `row`: an e-mail, or an SMS.

    It speaks under the brand of `organisation` when the journey is for one, else under `brand_name`
    (that of the page where it was asked for), else under the name of the settings (decision 36).
    The digits are erased from our tables once it has left, as the personal links are.
    """
    message = letter(
        row, digits=digits, language=language, organisation=organisation, brand_name=brand_name
    )
    return enqueue(message, now=now)


def letter(
    row: ContactCode,
    *,
    digits: str,
    language: str = "",
    organisation: Organisation | None = None,
    brand_name: str = "",
) -> OutboxMessage:
    """Return the unsaved message. It repeats nothing of what was typed: anybody types anything.

    An SMS takes the name alone: nobody has said that the organisation pays for it.
    """
    minutes = round((row.expires_at - row.created_at).total_seconds() / 60)
    name = site_name(organisation) if organisation else brand_name or settings.SITE_NAME
    context = {"digits": digits, "minutes": minutes, "site_name": name}
    columns: dict[str, Any] = {
        "dedup_key": f"{CONTACT_CODE}:{row.uuid}",
        "secret_link": digits,
        "expires_at": row.expires_at,
        "language": language or settings.LANGUAGE_CODE,
    }
    if row.email:
        return render.email(
            CONTACT_CODE, context, recipient=row.email, organisation=organisation, **columns
        )
    phone = str(row.phone_number)
    return render.sms(CONTACT_CODE, context, place="", phone="", recipient=phone, **columns)
