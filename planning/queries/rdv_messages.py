"""The log of messages on the page of a RDV (C04)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notifications.blocking import canonical
from notifications.messages.letters import agent_of
from planning.rules.message_log import (
    ADDED_AGENT,
    CANCELLATION_AGENT,
    REMOVAL_AGENT,
    REPLY_AGENT,
    Facts,
    Said,
    no_resend,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from notifications.models import OutboxMessage
    from planning.models import Participation, Rdv
    from usagers.queries.blocked_addresses import BlockedLine


@dataclass(frozen=True)
class MessageLine:
    """`message` says what; `sent` what became of it: the same, or the one that it is grouped in."""

    message: OutboxMessage
    sent: OutboxMessage
    may_resend: bool


def message_lines(
    rdv: Rdv, *, blocked: Iterable[BlockedLine], may_edit: bool, now: datetime
) -> list[MessageLine]:
    """Return the messages of the RDV, latest first, with those that may be sent again.

    To what is `blocked` nothing leaves: it is cleared first.
    `rdv.messages` and `rdv.participations` are there already: no statement.
    """
    closed = {(line.block.channel, line.block.address) for line in blocked}
    people = {row.pk: row for row in rdv.participations.all()}
    agents = {agent.pk for agent in rdv.agents.all()}
    messages = list(rdv.messages.all())
    all_said = [said(message) for message in messages]

    def may_resend(message: OutboxMessage) -> bool:
        address = (message.channel, canonical(message.channel, message.recipient))
        if not may_edit or address in closed:
            return False
        return no_resend(said(message), all_said, facts_of(message)) is None

    def facts_of(message: OutboxMessage) -> Facts:
        if is_to_agents(message):
            return facts_of_agent(rdv, message, agents, now=now)
        return facts_of_person(rdv, people.get(message.participation_id or 0), now=now)

    return [MessageLine(one, one.as_sent, may_resend(one)) for one in messages]


def said(message: OutboxMessage) -> Said:
    return Said(
        order=message.pk,
        kind=message.kind,
        channel=message.channel,
        state=message.as_sent.state,
        participation=message.participation_id,
        agent=agent_of(message),
        key=message.dedup_key,
    )


def is_to_agents(message: OutboxMessage) -> bool:
    """Say whether an agent reads it, or their organisation for want of any."""
    return agent_of(message) is not None or message.kind == REPLY_AGENT


def joined_and_there(rdv: Rdv, message: OutboxMessage) -> list[Participation]:
    """Return those who still come among the people whom a mail said to join.

    Their names stand in the mail, and nowhere else.
    """
    people = rdv.participations.all()
    return [p for p in people if not p.is_cancelled and p.usager.full_name in message.body]


def facts_of_agent(
    rdv: Rdv, message: OutboxMessage, agents: Collection[int], *, now: datetime
) -> Facts:
    """Return the facts for a mail to an agent; `agents` are those of the RDV."""
    agent = agent_of(message)
    is_gone = agent not in agents
    if message.kind == REMOVAL_AGENT:
        return Facts(rdv.starts_at, is_gone, now)
    if message.kind == REPLY_AGENT:
        return Facts(rdv.starts_at, is_gone and agent is not None, now)
    is_ended = rdv.is_cancelled or (is_gone and message.kind != CANCELLATION_AGENT)
    if message.kind == ADDED_AGENT and not joined_and_there(rdv, message):
        is_ended = True
    return Facts(rdv.starts_at, is_ended, now)


def facts_of_person(rdv: Rdv, participation: Participation | None, *, now: datetime) -> Facts:
    gone = participation is None or participation.is_cancelled
    return Facts(rdv.starts_at, rdv.is_cancelled or gone, now)
