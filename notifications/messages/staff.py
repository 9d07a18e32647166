"""Mails about one's place among the agents: an invitation, an organisation more (G02)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from notifications.messages import render
from notifications.outbox import enqueue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from agents.models import Agent, Organisation
    from notifications.models import OutboxMessage

INVITATION = "invitation_agent"
JOINED = "joined_agent"


def announce_invitation(
    *,
    email: str,
    organisations: Sequence[Organisation],
    inviter: Agent | None,
    url: str,
    key: str,
    expires_at: datetime,
    zone: ZoneInfo,
    is_known: bool,
    now: datetime,
) -> OutboxMessage | None:
    """Queue the mail with the personal link `url`; `key` is the digest of its secret.

    `is_known`: they have an account, and only join. Replies go to the inviter.
    """
    message = render.email(
        INVITATION,
        {
            "organisations": [row.name for row in organisations],
            "inviter": inviter.full_name if inviter else "",
            "link": url,
            "last_day": expires_at.astimezone(zone).date(),
            "is_known": is_known,
        },
        recipient=email,
        recipient_name="",
        dedup_key=f"{INVITATION}:{key}",
        secret_link=url,
        reply_to=inviter.email if inviter else "",
        organisation=next(iter(organisations), None),
        expires_at=expires_at,
    )
    return enqueue(message, now=now)


def announce_joined(
    agent: Agent, *, organisation: Organisation, author: str, now: datetime
) -> OutboxMessage | None:
    """Tell an agent that they are in one organisation more of their territoire."""
    if not agent.email:
        return None
    message = render.email(
        JOINED,
        {
            "first_name": agent.first_name,
            "organisation": organisation.name,
            "author": author,
            "link": f"{settings.SITE_URL}{reverse('agents:home')}",
        },
        recipient=agent.email,
        recipient_name=agent.full_name,
        dedup_key=f"{JOINED}:{agent.uuid}:{organisation.uuid}:{now.isoformat()}",
        organisation=organisation,
    )
    return enqueue(message, now=now)
