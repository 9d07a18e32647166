"""The only door by which something leaves the house (docs/adr/0007)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from notifications.models import TOPIC, Failure, OutboxMessage, State
from rdv.common.aftercommit import Task, start_after_commit

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from notifications.models import OutboxMessageQuerySet


class OutsideTransactionError(RuntimeError):
    """A message would leave although the fact that it tells may be rolled back."""


def enqueue(message: OutboxMessage, *, now: datetime) -> OutboxMessage | None:
    """Write one message as `enqueue_all` does; None when its `dedup_key` was already said."""
    written = enqueue_all([message], now=now)
    return written[0] if written else None


def enqueue_all(messages: Sequence[OutboxMessage], *, now: datetime) -> list[OutboxMessage]:
    """Write messages in the transaction of their fact, and nudge a worker for each after commit.

    Returns those whose `dedup_key` was not yet said, in the order given; two statements, whatever
    their number. Older unsent messages of the same participation, kind and channel are abandoned
    (decision 32). Raises OutsideTransactionError.
    """
    if not connection.in_atomic_block:
        raise OutsideTransactionError("enqueue() belongs in the transaction of the fact.")
    for message in messages:
        message.created_at = now
        message.available_at = message.available_at or now
    OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True)
    written = _look_back(messages, now)
    for message in written:
        start_after_commit(Task.DELIVER_MESSAGE, message_id=message.pk)
    return written


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


def _look_back(messages: Sequence[OutboxMessage], now: datetime) -> list[OutboxMessage]:
    """Return the messages that were written, their keys set, and abandon those they replace."""
    rows = list(OutboxMessage.objects.written_or_unsent(messages).only("uuid", *TOPIC))
    keys = {row.uuid: row.pk for row in rows}
    written = [message for message in messages if message.uuid in keys]
    for message in written:
        message.pk = keys[message.uuid]
    newest = {message.topic: message.pk for message in written if message.topic}
    replaced = [row.pk for row in rows if row.topic and row.pk < newest.get(row.topic, 0)]
    if replaced:
        _close(OutboxMessage.objects.filter(pk__in=replaced, state=State.QUEUED), now)
    return written


def _close(messages: OutboxMessageQuerySet, now: datetime) -> None:
    for message in messages.select_for_update(of=("self",)).order_by("pk"):
        message.close(State.ABANDONED, at=now, failure=Failure.REPLACED)
        message.save()
