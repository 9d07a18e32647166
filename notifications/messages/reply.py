"""An usager answers a mail: their words go to the agents of the RDV, never the other way round."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

from notifications.messages import facts, render
from notifications.outbox import enqueue_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from planning.models import Rdv

REPLY_AGENT = "usager_reply_agent"
REPLY_LOST = "usager_reply_lost"


@dataclass(frozen=True)
class Reply:
    """`author`: the name of a participant, or "" and then `sender` is shown.

    `key` tells the same mail received twice.
    """

    sender: str
    author: str
    text: str
    attachments: tuple[str, ...]
    key: str


@dataclass(frozen=True)
class Reader:
    """`agent_id`: None for the organisation, which reads what no agent can."""

    email: str
    name: str = ""
    first_name: str = ""
    agent_id: int | None = None


def forward_reply(
    reply: Reply, *, rdv: Rdv, readers: Sequence[Reader], rdv_url: str, now: datetime
) -> None:
    """Hand the answer to each of `readers`, once."""
    with translation.override(settings.LANGUAGE_CODE):
        context = {"reply": reply, "when": facts.when(rdv), "rdv_url": rdv_url}
        messages = [
            render.email(
                REPLY_AGENT,
                {**context, "first_name": reader.first_name},
                recipient=reader.email,
                recipient_name=reader.name,
                dedup_key=_key(REPLY_AGENT, reply, reader.email) + _agent(reader),
                rdv=rdv,
                organisation=rdv.organisation,
            )
            for reader in readers
        ]
    enqueue_all(messages, now=now)


def forward_lost(reply: Reply, *, email: str, now: datetime) -> None:
    """Hand an answer that belongs to no RDV to those who support the product."""
    with translation.override(settings.LANGUAGE_CODE):
        message = render.email(
            REPLY_LOST, {"reply": reply}, recipient=email, dedup_key=_key(REPLY_LOST, reply, email)
        )
    enqueue_all([message], now=now)


def _agent(reader: Reader) -> str:
    """As `letters.agent_of` reads it, so that the mail may be said again to that agent."""
    return f":agent:{reader.agent_id}" if reader.agent_id is not None else ""


def _key(kind: str, reply: Reply, email: str) -> str:
    digest = hashlib.sha256(f"{reply.key}\0{email}".encode()).hexdigest()
    return f"{kind}:{digest}"
