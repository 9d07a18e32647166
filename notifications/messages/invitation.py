"""The e-mail by which an agent invites somebody to their own space (F02)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation

from notifications.messages import render
from notifications.outbox import enqueue
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from notifications.models import OutboxMessage
    from usagers.models import Usager

INVITATION = "usager_invitation"


def announce_invitation(
    usager: Usager, *, organisation: Organisation, url: str, now: datetime
) -> OutboxMessage | None:
    """Queue the mail; None when this address was invited the same day (of the territoire)."""
    day = local_day(now, organisation.territoire.zone)
    with translation.override(usager.language):
        context = {
            "first_name": usager.first_name,
            "organisation": organisation.name,
            "email": usager.email,
            "link": url,
        }
        message = render.email(
            INVITATION,
            context,
            recipient=usager.email,
            recipient_name=usager.full_name,
            dedup_key=f"{INVITATION}:{usager.uuid}:{usager.email}:{day:%Y-%m-%d}",
            organisation=organisation,
            reply_to=organisation.email,
        )
        return enqueue(message, now=now)
