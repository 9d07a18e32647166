"""Send the reminders that are due: rows, batches, and no row that stops the others (C06).

A batch holds its RDVs, as every service does before it changes one: a reminder and the cancelling
of its RDV never pass each other. The message and `sent_at` are one transaction: a worker killed
anywhere repeats nothing and loses nothing, and two workers share the work.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError, transaction
from django.db.models import F, Min, Q

from agents.permissions import SystemActor
from planning.models import Rdv, Reminder
from planning.rules import reminder as rule
from planning.rules.status import ACTIVE
from planning.services.rdv_announce import announce_reminder
from planning.services.reminder_plan import holidays_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

BATCH = 50  # RDVs
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
)


@dataclass(frozen=True)
class Sent:
    """How many RDVs were recalled, and how many could not be (logged, tried again later)."""

    done: int = 0
    failed: int = 0

    def __add__(self, other: Sent) -> Sent:
        return Sent(self.done + other.done, self.failed + other.failed)


def send_due_reminders(*, now: datetime) -> Sent:
    """Hand over to the outbox what is due and may leave at this hour (decision 1).

    In the order of their due instants. RDVs that somebody is changing are left to the next run.
    """
    total = Sent()
    ids = _due_rdvs(now)
    for start in range(0, len(ids), BATCH):
        total += _send(ids[start : start + BATCH], now)
    if total.failed:
        logger.error("reminders: %s RDVs recalled, %s failed", total.done, total.failed)
    return total


def _due(now: datetime) -> QuerySet[Reminder]:
    ready = Q(retry_at=None) | Q(retry_at__lte=now)
    return Reminder.objects.filter(ready, sent_at=None, due_at__lte=now, starts_at__gt=now)


def _due_rdvs(now: datetime) -> list[int]:
    rows = _due(now).values("participation__rdv").annotate(first=Min("due_at"))
    return list(rows.order_by("first", "participation__rdv").values_list(
        "participation__rdv", flat=True
    ))  # fmt: skip


def _send(ids: Sequence[int], now: datetime) -> Sent:
    """Send one batch; when the database refuses it whole, each of its RDVs alone."""
    try:
        return _send_together(ids, now)
    except DatabaseError:
        logger.exception("reminders of the RDVs %s: refused", list(ids))
    if len(ids) > 1:
        return sum((_send([rdv_id], now) for rdv_id in ids), Sent())
    with transaction.atomic():
        _retry_later(ids[0], now)
    return Sent(failed=1)


@transaction.atomic
def _send_together(ids: Sequence[int], now: datetime) -> Sent:
    rdvs = list(
        Rdv.objects.filter(pk__in=ids)
        .select_related("motif", "lieu", "organisation__territoire")
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
    )
    # Read once they are held: what another worker has just sent is no longer due.
    due: dict[int, list[Reminder]] = {}
    for row in _due(now).filter(participation__rdv__in=ids).select_related("participation"):
        due.setdefault(row.participation.rdv_id, []).append(row)
    told: list[int] = []
    done = failed = 0
    for rdv in rdvs:
        try:
            with transaction.atomic():
                keys = _remind(rdv, due.get(rdv.pk, []), now)
        except Exception:
            # Whatever it is, it is about one RDV: the others are told.
            logger.exception("reminder of the RDV %s: unexpected error", rdv.pk)
            _retry_later(rdv.pk, now)
            failed += 1
        else:
            told += keys
            done += bool(keys)
    Reminder.objects.filter(pk__in=told).update(sent_at=now)
    return Sent(done, failed)


def _remind(rdv: Rdv, due: list[Reminder], now: datetime) -> list[int]:
    """Tell the families whose reminder is due, once each; return the keys of what was told."""
    valid = [row for row in due if _is_true(row, rdv)]
    if len(valid) < len(due):
        logger.warning("reminders of the RDV %s no longer had a reason", rdv.pk)
        Reminder.objects.filter(pk__in={row.pk for row in due} - {r.pk for r in valid}).delete()
    if not valid:
        return []
    keys = [row.pk for row in valid]
    leaves = _leaves_at(rdv, min(row.due_at for row in valid), now)
    if leaves > now:
        Reminder.objects.filter(pk__in=keys).update(retry_at=leaves)
        return []
    announce_reminder(
        rdv,
        actor=SystemActor(),
        now=now,
        occurrence=f"{rdv.starts_at:%Y%m%d%H%M}",
        participation_ids=[row.participation_id for row in valid],
    )
    return keys


def _is_true(row: Reminder, rdv: Rdv) -> bool:
    """Judge the row again, whatever was done to the RDV without planning."""
    participation = row.participation
    return (
        row.starts_at == rdv.starts_at
        and not rdv.is_cancelled
        and rdv.hidden_at is None
        and participation.notifies_reminder
        and participation.status in ACTIVE
    )


def _leaves_at(rdv: Rdv, due: datetime, now: datetime) -> datetime:
    territoire = rdv.organisation.territoire
    leaves = rule.leaves_at(
        due,
        rdv.starts_at,
        now=now,
        zone=territoire.zone,
        is_holiday=holidays_of(territoire),
    )
    assert leaves is not None  # _due leaves out what has begun
    return leaves


def _retry_later(rdv_id: int, now: datetime) -> None:
    rows = _due(now).filter(participation__rdv=rdv_id)
    tries = max(rows.values_list("tries", flat=True), default=0)
    wait = BACK_OFF[min(tries, len(BACK_OFF) - 1)]
    keys = list(rows.values_list("pk", flat=True))
    Reminder.objects.filter(pk__in=keys).update(tries=F("tries") + 1, retry_at=now + wait)
