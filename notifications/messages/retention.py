"""Notices before what nobody uses any more is erased or closed (decision 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from notifications.messages import render
from notifications.messages.address_changed import context as services_context
from notifications.outbox import enqueue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from agents.models import Agent, Organisation
    from notifications.models import OutboxMessage
    from usagers.models import Usager

FICHE_NOTICE = "retention_notice"
AGENT_NOTICE = "inactivity_agent"


def announce_erasure(
    usager: Usager, *, organisations: Sequence[Organisation], last_day: date, now: datetime
) -> OutboxMessage | None:
    """Queue the notice to a responsable whose fiche has an address; nothing personal in it."""
    only = organisations[0] if len(organisations) == 1 else None
    message = render.email(
        FICHE_NOTICE,
        {
            "first_name": usager.first_name,
            "last_day": last_day,
            "link": f"{settings.SITE_URL}{reverse('usagers:sign_in')}",
            **services_context(organisations, has_account=usager.account_id is not None),
        },
        language=usager.language or settings.LANGUAGE_CODE,
        recipient=usager.email,
        recipient_name=usager.full_name,
        dedup_key=f"{FICHE_NOTICE}:{usager.uuid}:{now:%Y%m%d}",
        organisation=only,
        reply_to=only.email if only else "",
    )
    return enqueue(message, now=now)


def announce_inactivity(agent: Agent, *, last_day: date, now: datetime) -> OutboxMessage | None:
    """Queue the notice to an agent who has not signed in for two years."""
    message = render.email(
        AGENT_NOTICE,
        {
            "first_name": agent.first_name,
            "last_day": last_day,
            "link": f"{settings.SITE_URL}{reverse('agents:home')}",
        },
        recipient=agent.email,
        recipient_name=agent.full_name,
        dedup_key=f"{AGENT_NOTICE}:{agent.uuid}:{now:%Y%m%d}",
    )
    return enqueue(message, now=now)
