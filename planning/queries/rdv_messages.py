"""The log of messages on the page of a RDV, and the addresses of its people that refuse them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from notifications.blocking import blocked_among
from notifications.models import Channel, Failure
from planning.rules.message_log import Facts, Said, no_resend

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from notifications.models import BlockedAddress, OutboxMessage
    from planning.models import Participation, Rdv
    from usagers.models import Usager


@dataclass(frozen=True)
class MessageLine:
    message: OutboxMessage
    may_resend: bool


@dataclass(frozen=True)
class BlockedLine:
    """An address of `usager` that nothing more is sent to."""

    block: BlockedAddress
    usager: Usager


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


def blocked_of(usagers: Iterable[Usager]) -> list[BlockedLine]:
    """Return what is blocked of those who are told for `usagers`, once each; one statement."""
    told = {usager.to_notify.pk: usager.to_notify for usager in usagers}.values()
    addresses = {usager.pk: _addresses(usager) for usager in told}
    found = blocked_among(pair for pairs in addresses.values() for pair in pairs)
    by_address = {(block.channel, block.address): block for block in found}
    return [
        BlockedLine(by_address[pair], usager)
        for usager in told
        for pair in addresses[usager.pk]
        if pair in by_address
    ]


def _addresses(usager: Usager) -> list[tuple[str, str]]:
    return [
        (Channel.EMAIL, (usager.email or "").lower()),
        (Channel.SMS, str(usager.phone_number.as_e164) if usager.phone_number else ""),
    ]
