"""The e-mail that tells an agent that their file is ready (H01): a link, never the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

from notifications.messages import render
from notifications.outbox import enqueue
from rdv.common.french import instant_text

if TYPE_CHECKING:
    from datetime import datetime

    from planning.models import Export

READY = "export_ready"


def announce_export_ready(export: Export, *, url: str, now: datetime) -> None:
    """Queue the mail, once a file; it never leaves later than the file lives. `url`: the page."""
    agent, organisation = export.agent, export.organisation
    if not agent.email or export.expires_at is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        message = render.email(
            READY,
            {
                "first_name": agent.first_name,
                "organisation": organisation.name,
                "until": instant_text(export.expires_at.astimezone(organisation.territoire.zone)),
                "link": url,
            },
            recipient=agent.email,
            recipient_name=agent.full_name,
            dedup_key=f"{READY}:{export.uuid}:{export.attempts}",
            organisation=organisation,
            expires_at=export.expires_at,
        )
        enqueue(message, now=now)
