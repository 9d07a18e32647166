"""What providers say of a message after they took it (C04, C07).

They say it more than once, late, and in any order: the same report twice changes nothing, and what
arrived stays arrived.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from notifications.blocking import block, canonical
from notifications.channels.errors import without_personal_data
from notifications.models import Channel, DeliveryAttempt, Failure, OutboxMessage, State

if TYPE_CHECKING:
    from datetime import datetime

    from notifications.channels.gateways.base import Report
    from notifications.models import BlockReason

logger = logging.getLogger(__name__)
ANSWER_LENGTH = 300
# Reports of a message that we know nothing better of than that it left.
_OPEN = (State.QUEUED, State.SENDING, State.SENT)


@dataclass(frozen=True)
class MailEvent:
    """`is_delivered`: True, False (it will never arrive), None (a complaint says neither).

    `references`: whatever may name the message, ours or the provider's.
    """

    references: tuple[str, ...]
    recipient: str
    is_delivered: bool | None
    answer: str
    block: BlockReason | None = None


@transaction.atomic
def record_sms_report(*, message_uuid: UUID, report: Report, now: datetime) -> None:
    """Write the fate of a SMS down. A message that is gone, or not a SMS, is ignored."""
    message = _locked(uuid=message_uuid, channel=Channel.SMS)
    if message is None:
        logger.info("report of an unknown sms: ignored")
        return
    if report.segments and message.provider_segments is None:
        message.provider_segments = report.segments
        message.save(update_fields=["provider_segments"])
    _settle(message, is_delivered=report.is_delivered, answer=report.answer, now=now)
    if report.block:
        _block(message.channel, message.recipient, report.block, report.answer, now)


@transaction.atomic
def record_mail_event(*, event: MailEvent, now: datetime) -> None:
    """Write the fate of a mail down, and remember an address that refuses ours.

    The address is blocked even when the message is gone: the provider has proven who it is.
    """
    answer = without_personal_data(event.answer)
    message = _named(event.references)
    if message is not None:
        sent_to = canonical(Channel.EMAIL, message.recipient)
        if sent_to != canonical(Channel.EMAIL, event.recipient):
            logger.warning("report of message %s for another address: ignored", message.uuid)
            return
        _settle(message, is_delivered=event.is_delivered, answer=answer, now=now)
    if event.block and event.recipient:
        _block(Channel.EMAIL, event.recipient, event.block, answer, now)


def _settle(
    message: OutboxMessage, *, is_delivered: bool | None, answer: str, now: datetime
) -> None:
    if is_delivered is None or message.delivered_at is not None:
        return
    if is_delivered:
        # It arrived: whatever we believed, even that it had failed.
        message.close(State.SENT, at=message.sent_at or now)
        message.delivered_at = now
    elif message.state in _OPEN:
        message.close(State.FAILED, at=now, failure=Failure.UNDELIVERED)
    else:
        return
    message.save()
    DeliveryAttempt.objects.create(
        message=message,
        at=now,
        succeeded=is_delivered,
        answer=(answer or "sans explication")[:ANSWER_LENGTH],
    )
    logger.info("message %s: %s", message.uuid, "delivered" if is_delivered else "not delivered")


def _block(channel: str, address: str, reason: BlockReason, answer: str, now: datetime) -> None:
    block(channel=channel, address=address, reason=reason, detail=answer, at=now)


def _named(references: tuple[str, ...]) -> OutboxMessage | None:
    """Return the mail of one of the references: our Message-ID, our uuid, the provider's own."""
    names = [name.strip("<> ") for name in references if name]
    uuids = [found for name in names if (found := _uuid_of(name)) is not None]
    for criteria in ({"uuid__in": uuids}, {"provider_reference__in": names}):
        if message := _locked(channel=Channel.EMAIL, **criteria):
            return message
    return None


def _uuid_of(name: str) -> UUID | None:
    try:
        return UUID(name.partition("@")[0])
    except ValueError:
        return None


def _locked(**criteria: object) -> OutboxMessage | None:
    return OutboxMessage.objects.select_for_update(of=("self",)).filter(**criteria).first()
