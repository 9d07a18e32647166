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


def enqueue_grouped(
    whole: OutboxMessage, parts: Sequence[OutboxMessage], *, now: datetime
) -> OutboxMessage | None:
    """Write `whole`, which leaves in place of `parts`: one person, one channel, several RDVs.

    Each part goes on as a message of its own would: a newer one of its topic replaces it, and what
    makes it false withdraws it; then the whole is abandoned, and the parts that remain true leave
    one by one. None when the whole was already said. Raises OutsideTransactionError.
    """
    written = enqueue(whole, now=now)
    if written is None:
        return None
    for part in parts:
        part.state, part.grouped_in = State.GROUPED, written
        part.created_at = part.available_at = now
    OutboxMessage.objects.bulk_create(parts, ignore_conflicts=True)
    _look_back(parts, now)
    return written


def settle_parts(
    whole: OutboxMessage, *, now: datetime, overtaken: Collection[int] = frozenset()
) -> None:
    """Follow the end of a message in what it said: nothing to do when it was not a grouped one.

    Sent or failed, so are they. Abandoned, what was not `overtaken` leaves on its own, each until
    its own RDV begins.
    """
    for part in whole.parts.select_for_update(of=("self",)).order_by("pk"):
        if whole.state != State.ABANDONED:
            part.forget_links()
        elif part.pk in overtaken:
            part.grouped_in = None
            part.close(State.ABANDONED, at=now, failure=Failure.REPLACED)
        else:
            part.grouped_in, part.state, part.available_at = None, State.QUEUED, now
            start_after_commit(Task.DELIVER_MESSAGE, message_id=part.pk)
        part.save()


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
    messages = OutboxMessage.objects.filter(rdv=rdv_id, kind__in=kinds)
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
        _close(OutboxMessage.objects.filter(pk__in=replaced), now)
    return written


def _close(messages: OutboxMessageQuerySet, now: datetime) -> None:
    """Abandon those that wait. A grouped message goes with its parts, the others leave alone."""
    rows = dict(messages.unsent().values_list("pk", "grouped_in"))
    if not rows:
        return
    grouped_in = {whole for whole in rows.values() if whole is not None}
    wholes = OutboxMessage.objects.filter(pk__in=grouped_in, state=State.QUEUED)
    for whole in wholes.select_for_update(of=("self",)).order_by("pk"):
        whole.close(State.ABANDONED, at=now, failure=Failure.REPLACED)
        whole.save()
        settle_parts(whole, now=now, overtaken=rows)
    # Read again: somebody else may just have let a part of ours go alone.
    alone = OutboxMessage.objects.filter(pk__in=rows, state=State.QUEUED)
    for message in alone.select_for_update(of=("self",)).order_by("pk"):
        message.close(State.ABANDONED, at=now, failure=Failure.REPLACED)
        message.save()
