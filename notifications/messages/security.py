"""The e-mail that tells an agent that a way into their account has changed (G08).

Whoever took an account over would change these first: its owner hears of it at once.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from notifications.messages import render
from notifications.outbox import enqueue
from rdv.common.french import instant_text

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from agents.models import Agent, Organisation
    from notifications.models import OutboxMessage

SECURITY = "security_agent"


class Change(StrEnum):
    """What changed; the template has a sentence for each."""

    # The password.
    CHOSEN_AGAIN = "chosen_again"
    APPLICATION_ADDED = "application_added"
    APPLICATION_REMOVED = "application_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    CODES_RENEWED = "codes_renewed"
    FACTORS_FORGOTTEN = "factors_forgotten"


def announce_security_change(
    agent: Agent,
    *,
    change: Change,
    organisation: Organisation | None,
    zone: ZoneInfo,
    author: str = "",
    device: str = "",
    now: datetime,
) -> OutboxMessage | None:
    """Queue the mail. `author`: somebody else, who did it; `device`: « Firefox sur Windows ».

    `organisation` lends the name of its brand; the instant is said by the clock of `zone`. The
    mail holds no secret: its link is the public page of a forgotten password.
    """
    with translation.override(settings.LANGUAGE_CODE):
        when = instant_text(now.astimezone(zone))
    message = render.email(
        SECURITY,
        {
            "first_name": agent.first_name,
            "change": str(change),
            "author": author,
            "device": device,
            "when": when,
            "link": f"{settings.SITE_URL}{reverse('account_reset_password')}",
        },
        recipient=agent.email,
        recipient_name=agent.full_name,
        dedup_key=f"{SECURITY}:{agent.uuid}:{change}:{now.isoformat()}",
        organisation=organisation,
    )
    return enqueue(message, now=now)
