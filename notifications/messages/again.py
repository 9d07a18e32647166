"""The same thing said again to one person by one channel, with what is true now (C04)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from notifications.messages import participation as people_messages
from notifications.messages import rdv as rdv_messages
from notifications.messages.letters import in_french, to_agents, to_usager
from notifications.messages.recipients import Author, usagers_to_tell
from notifications.models import Channel, OutboxMessage
from notifications.outbox import enqueue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from agents.models import Agent
    from notifications.ics import Method
    from notifications.messages.occasion import Occasion
    from planning.models import Participation

# What is said in place of what failed: a change that nobody read is a RDV to confirm.
SAID_AGAIN = {
    rdv_messages.CREATED: rdv_messages.CREATED,
    rdv_messages.CHANGED: rdv_messages.CREATED,
    rdv_messages.REMINDER: rdv_messages.REMINDER,
    rdv_messages.CANCELLED: rdv_messages.CANCELLED,
}
SAID_AGAIN_TO_AGENTS: dict[str, tuple[str, Method | None]] = {
    rdv_messages.CREATED_AGENT: (rdv_messages.CREATED_AGENT, "REQUEST"),
    rdv_messages.CHANGED_AGENT: (rdv_messages.CREATED_AGENT, "REQUEST"),
    rdv_messages.CANCELLED_AGENT: (rdv_messages.CANCELLED_AGENT, "CANCEL"),
    people_messages.ADDED_AGENT: (people_messages.ADDED_AGENT, None),
    people_messages.CANCELLED_AGENT: (people_messages.CANCELLED_AGENT, None),
}


def address_now(participation: Participation, kind: str, channel: str) -> str:
    """Return where such a message would go today; "" when the person has closed that channel."""
    rows = usagers_to_tell(
        participation.rdv, [participation], is_reminder=kind == rdv_messages.REMINDER
    )
    if not rows:
        return ""
    return rows[0].email if channel == Channel.EMAIL else rows[0].phone


def say_again(
    occasion: Occasion, participation: Participation, *, kind: str, channel: str, occurrence: str
) -> OutboxMessage | None:
    """Queue a fresh message of `kind`; None when nobody can be told or `occurrence` was said."""
    if occasion.is_over or not address_now(participation, kind, channel):
        return None
    motif = occasion.rdv.motif
    extra: dict[str, object] = {
        "instructions": motif.instructions,
        "is_cancellable": motif.is_cancellable_by_usager,
    }
    if kind == rdv_messages.CANCELLED:
        asked = participation.status == "excused"
        extra = {"by_usager": asked, "booking_url": occasion.links.booking}
    (recipient,) = usagers_to_tell(
        occasion.rdv, [participation], is_reminder=kind == rdv_messages.REMINDER
    )
    (said,) = to_usager(
        occasion,
        recipient,
        kind,
        [Channel(channel)],
        extra,
        method="CANCEL" if kind == rdv_messages.CANCELLED else "PUBLISH",
        occurrence=occurrence,
    )
    return enqueue(said.message, now=occasion.now)


def say_again_to_agent(
    occasion: Occasion,
    agent: Agent,
    lost: OutboxMessage,
    *,
    occurrence: str,
    joined: Sequence[Participation] = (),
) -> OutboxMessage | None:
    """Queue a fresh mail in place of `lost`; None when the agent wants none, or it was said.

    Its calendar holds the version of today. Whoever asks is not the author of what it tells.
    `joined`: whom a mail about new people names.
    """
    if occasion.is_over:
        return None
    if lost.kind == rdv_messages.REMOVED_AGENT:
        return _copy(lost, agent, occurrence, occasion)
    kind, method = SAID_AGAIN_TO_AGENTS[lost.kind]
    told = replace(occasion, author=Author())
    with in_french():
        messages = list(
            to_agents(
                told,
                [agent],
                kind,
                method=method,
                extra={"people": people_messages.names_of(joined)},
                occurrence=occurrence,
            )
        )
    for message in messages:
        if method is None:  # news of its own, which only the same words overtake
            message.dedup_key = _key(lost, occurrence)
    return enqueue(messages[0], now=occasion.now) if messages else None


def hand_over_again(
    lost: OutboxMessage, *, email: str, name: str, occurrence: str, now: datetime
) -> OutboxMessage | None:
    """Queue the words of an usager again, as they were; None when there is nobody, or no words."""
    if not email or not lost.body:
        return None
    message = OutboxMessage(
        kind=lost.kind,
        channel=Channel.EMAIL,
        recipient=email,
        recipient_name=name,
        dedup_key=_key(lost, occurrence),
        subject=lost.subject,
        body=lost.body,
        html=lost.html,
        rdv=lost.rdv,
        organisation=lost.organisation,
    )
    return enqueue(message, now=now)


def _key(lost: OutboxMessage, occurrence: str) -> str:
    return f"{lost.dedup_key}:{occurrence}"[:200]


def _copy(
    lost: OutboxMessage, agent: Agent, occurrence: str, occasion: Occasion
) -> OutboxMessage | None:
    """Say to somebody who left the RDV what they knew, and nothing of what it became.

    Nothing was written to them since: the version of that calendar is the last one of theirs.
    """
    is_over = lost.expires_at is not None and lost.expires_at <= occasion.now
    if is_over or not lost.ics or not agent.email or agent.deactivated_at is not None:
        return None
    message = OutboxMessage(
        kind=lost.kind,
        channel=Channel.EMAIL,
        recipient=agent.email,
        recipient_name=agent.full_name,
        dedup_key=_key(lost, occurrence),
        subject=lost.subject,
        body=lost.body,
        html=lost.html,
        ics=lost.ics,
        ics_method=lost.ics_method,
        rdv=occasion.rdv,
        organisation=occasion.rdv.organisation,
        expires_at=lost.expires_at,
    )
    return enqueue(message, now=occasion.now)
