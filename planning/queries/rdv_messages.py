"""The log of messages on the page of a RDV (C04)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notifications.models import Failure
from planning.rules.message_log import Facts, Said, no_resend

if TYPE_CHECKING:
    from datetime import datetime

    from notifications.models import OutboxMessage
    from planning.models import Participation, Rdv


@dataclass(frozen=True)
class MessageLine:
    message: OutboxMessage
    may_resend: bool


def message_lines(rdv: Rdv, *, may_edit: bool, now: datetime) -> list[MessageLine]:
    """Return the messages of the RDV, latest first, with those that may be sent again.

    `rdv.messages` and `rdv.participations` are there already: no statement.
    """
    people = {row.pk: row for row in rdv.participations.all()}
    messages = list(rdv.messages.all())
    all_said = [said(message) for message in messages]

    def may_resend(message: OutboxMessage) -> bool:
        # To a blocked address nothing leaves: it is cleared first.
        if not may_edit or message.failure == Failure.BLOCKED:
            return False
        facts = facts_of(rdv, people.get(message.participation_id or 0), now=now)
        return no_resend(said(message), all_said, facts) is None

    return [MessageLine(message, may_resend(message)) for message in messages]


def said(message: OutboxMessage) -> Said:
    return Said(message.pk, message.kind, message.channel, message.state, message.participation_id)


def facts_of(rdv: Rdv, participation: Participation | None, *, now: datetime) -> Facts:
    gone = participation is None or participation.is_cancelled
    return Facts(rdv.starts_at, rdv.is_cancelled or gone, now)
