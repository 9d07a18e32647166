"""The only door by which something leaves the house (docs/adr/0007)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction

from notifications.models import OutboxMessage, State
from rdv.common.aftercommit import Task, start_after_commit

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from notifications.models import OutboxMessageQuerySet


class OutsideTransactionError(RuntimeError):
    """A message would leave although the fact that it tells may be rolled back."""


def enqueue(message: OutboxMessage, *, now: datetime) -> OutboxMessage | None:
    """Write a message in the transaction of the fact, and nudge a worker after commit.

    Returns None when `dedup_key` was already said. Older unsent messages of the same participation,
    kind and channel are abandoned (decision 32). Raises OutsideTransactionError.
    """
    if not connection.in_atomic_block:
        raise OutsideTransactionError("enqueue() belongs in the transaction of the fact.")
    message.created_at = now
    if message.available_at is None:
        message.available_at = now
    if not _insert(message):
        return None
    if message.rdv_id is not None or message.participation_id is not None:
        _close(OutboxMessage.objects.unsent_before(message), now)
    start_after_commit(Task.DELIVER_MESSAGE, message_id=message.pk)
    return message


def abandon_unsent(
    *,
    rdv_id: int,
    kinds: Collection[str],
    now: datetime,
    participation_ids: Collection[int] | None = None,
) -> None:
    """Withdraw what has become false before it could leave: a confirmation, once cancelled.

    Of the whole RDV, or of some participations only.
    """
    messages = OutboxMessage.objects.filter(rdv=rdv_id, kind__in=kinds, state=State.QUEUED)
    if participation_ids is not None:
        messages = messages.filter(participation__in=participation_ids)
    _close(messages, now)


def _insert(message: OutboxMessage) -> bool:
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        if OutboxMessage.objects.filter(dedup_key=message.dedup_key).exists():
            return False
        raise
    return True


def _close(messages: OutboxMessageQuerySet, now: datetime) -> None:
    for message in messages.select_for_update(of=("self",)).order_by("pk"):
        message.close(State.ABANDONED, at=now)
        message.save()
