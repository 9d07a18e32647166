"""The log of messages on the page of a RDV (C04)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notifications.blocking import canonical
from planning.rules.message_log import Facts, Said, no_resend

if TYPE_CHECKING:
    from collections.abc import Iterable
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
    messages = list(rdv.messages.all())
    all_said = [said(message) for message in messages]

    def may_resend(message: OutboxMessage) -> bool:
        address = (message.channel, canonical(message.channel, message.recipient))
        if not may_edit or address in closed:
            return False
        facts = facts_of(rdv, people.get(message.participation_id or 0), now=now)
        return no_resend(said(message), all_said, facts) is None

    return [MessageLine(one, one.as_sent, may_resend(one)) for one in messages]


def said(message: OutboxMessage) -> Said:
    return Said(
        message.pk, message.kind, message.channel, message.as_sent.state, message.participation_id
    )


def facts_of(rdv: Rdv, participation: Participation | None, *, now: datetime) -> Facts:
    gone = participation is None or participation.is_cancelled
    return Facts(rdv.starts_at, rdv.is_cancelled or gone, now)
