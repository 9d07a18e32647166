"""Claim, send, record: never a network call under a lock (docs/adr/0007).

A worker that dies before the provider call loses nothing: its lease ends and another one takes
over. One that dies between the provider's acceptance and the record sends again, once, with the
same Message-ID or idempotency key (decision 32).
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from notifications.blocking import block, is_blocked
from notifications.channels import email, sms
from notifications.channels.errors import ChannelError, PermanentChannelError
from notifications.models import Channel, DeliveryAttempt, Failure, OutboxMessage, State
from notifications.outbox import settle_parts
from rdv.common.aftercommit import Task, start_after_commit

if TYPE_CHECKING:
    from datetime import datetime

    from notifications.channels.acceptance import Acceptance

logger = logging.getLogger(__name__)

SENDERS = {Channel.EMAIL: email.send, Channel.SMS: sms.send}

# Waits after each failed try; then the message has failed, and the RDV page says so.
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
SWEEP_LIMIT = 1000
UNEXPECTED = "erreur interne"


def deliver(*, message_id: int, now: datetime) -> None:
    """Send one message if it is due and nobody else is sending it; otherwise do nothing."""
    message = _claim(message_id, now)
    if message is None:
        return
    try:
        acceptance = SENDERS[Channel(message.channel)](message)
    except ChannelError as error:
        _record_failure(message, error, now)
    except Exception:
        # A fault of ours must not leave the message without a state nor a retry.
        logger.exception("message %s: unexpected error", message.uuid)
        _record_failure(message, ChannelError(UNEXPECTED, Failure.INTERNAL), now)
    else:
        _record_success(message, acceptance, now)


def sweep(*, now: datetime) -> int:
    """Nudge the workers about each due message, oldest first, and return how many.

    It is what makes a lost nudge, a dead worker or a stopped broker harmless.
    """
    due = OutboxMessage.objects.due(now).order_by("available_at", "pk")
    ids = list(due.values_list("pk", flat=True)[:SWEEP_LIMIT])
    for message_id in ids:
        start_after_commit(Task.DELIVER_MESSAGE, message_id=message_id)
    return len(ids)


@transaction.atomic
def _claim(message_id: int, now: datetime) -> OutboxMessage | None:
    """Take the message for the time of a lease, or None.

    What came too late, or goes to a blocked address, is abandoned.
    """
    due = OutboxMessage.objects.due(now).select_for_update(of=("self",), skip_locked=True)
    message = due.filter(pk=message_id).first()
    if message is None:
        return None
    if (end := _end_without_try(message, now)) is not None:
        state, failure = end
        message.close(state, at=now, failure=failure)
        message.save()
        settle_parts(message, now=now)
        logger.warning("message %s %s without a try: %s", message.uuid, state, failure)
        return None
    message.state = State.SENDING
    message.attempts += 1
    message.lease_until = now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    message.save(update_fields=["state", "attempts", "lease_until"])
    return message


def _end_without_try(message: OutboxMessage, now: datetime) -> tuple[State, Failure] | None:
    if message.expires_at is not None and now >= message.expires_at:
        return State.ABANDONED, Failure.EXPIRED
    if is_blocked(message.channel, message.recipient):
        return State.ABANDONED, Failure.BLOCKED
    if message.attempts > len(BACK_OFF):  # each of its tries killed the worker
        return State.FAILED, Failure.INTERNAL
    return None


@transaction.atomic
def _record_success(claimed: OutboxMessage, acceptance: Acceptance, now: datetime) -> None:
    message = OutboxMessage.objects.select_for_update(of=("self",)).get(pk=claimed.pk)
    DeliveryAttempt.objects.create(
        message=message, at=now, succeeded=True, answer=acceptance.answer[:300]
    )
    if message.state == State.SENT:  # our lease was over, and another worker sent it too
        return
    # Another one may have given up meanwhile: the provider has it all the same.
    message.close(State.SENT, at=now)
    message.provider, message.provider_reference = acceptance.provider, acceptance.reference
    message.provider_segments = acceptance.segments
    message.save()
    settle_parts(message, now=now)
    logger.info("message %s sent by %s", message.uuid, message.channel)


@transaction.atomic
def _record_failure(claimed: OutboxMessage, error: ChannelError, now: datetime) -> None:
    message = OutboxMessage.objects.select_for_update(of=("self",)).get(pk=claimed.pk)
    DeliveryAttempt.objects.create(
        message=message, at=now, succeeded=False, answer=str(error)[:300] or UNEXPECTED
    )
    if message.state != State.SENDING or message.lease_until != claimed.lease_until:
        return  # another worker has taken over
    if isinstance(error, PermanentChannelError) and error.block:
        block(
            channel=message.channel,
            address=message.recipient,
            reason=error.block,
            detail=str(error),
            at=now,
        )
    retry_at = _next_try(message, now)
    is_given_up = isinstance(error, PermanentChannelError) or message.attempts > len(BACK_OFF)
    if is_given_up or retry_at is None:
        # Too late for the first RDV of a grouped message only: its parts may still leave.
        goes_on = not is_given_up and message.parts.exists()
        if goes_on:
            message.close(State.ABANDONED, at=now, failure=Failure.EXPIRED)
        else:
            message.close(State.FAILED, at=now, failure=error.failure)
        settle_parts(message, now=now)
        logger.error("message %s failed after %s tries", message.uuid, message.attempts)
    else:
        message.state, message.lease_until = State.QUEUED, None
        message.available_at = retry_at
        logger.warning("message %s: try %s failed", message.uuid, message.attempts)
    message.save()


def _next_try(message: OutboxMessage, now: datetime) -> datetime | None:
    """Return when to try again, or None: too many tries, or the RDV will have begun."""
    if message.attempts > len(BACK_OFF):
        return None
    retry_at = now + BACK_OFF[message.attempts - 1]
    too_late = message.expires_at is not None and retry_at >= message.expires_at
    return None if too_late else retry_at
