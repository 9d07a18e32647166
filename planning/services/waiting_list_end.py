"""End entries and offers of the waiting list, and give back what was held for them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from agents.services.retention_report import in_batches
from planning.models import Outcome, SlotHold, WaitingListEntry, WaitingListOffer
from planning.queries import waiting_list as query
from planning.rules.holder import holder_digest
from rdv.common.aftercommit import Task, start_once_after_commit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from planning.models import EntryEnd

KEPT = timedelta(days=365)


def end_entries(
    entries: QuerySet[WaitingListEntry], *, end: EntryEnd, now: datetime, waits: bool = True
) -> int:
    """End those of `entries` that are open, withdraw their offers; return how many.

    In a transaction. With `waits` False, rows that somebody is changing are left for later.
    """
    rows = entries.filter(ended_at=None).order_by("pk")
    locked = rows.select_for_update(of=("self",), no_key=True, skip_locked=not waits)
    keys = list(locked.values_list("pk", flat=True))
    if not keys:
        return 0
    close_offers(
        WaitingListOffer.objects.filter(entry__in=keys), outcome=Outcome.WITHDRAWN, now=now
    )
    return WaitingListEntry.objects.filter(pk__in=keys).update(ended_at=now, end=end)


def close_offers(
    offers: QuerySet[WaitingListOffer], *, outcome: Outcome, now: datetime
) -> list[WaitingListOffer]:
    """Close those of `offers` that nobody answered, release their créneaux, call the next person.

    The entries are held by the caller: whoever answers holds them too.
    """
    pending = offers.filter(outcome=Outcome.PENDING).order_by("pk")
    closed = list(pending.select_for_update(of=("self",), no_key=True))
    if not closed:
        return []
    keys = [offer.pk for offer in closed]
    WaitingListOffer.objects.filter(pk__in=keys).update(outcome=outcome, answered_at=now)
    release(closed)
    start_once_after_commit(Task.OFFER_WAITING_LIST)
    return closed


def release(offers: Iterable[WaitingListOffer]) -> None:
    """Give back the créneaux held for these offers."""
    holders = [holder_digest(query.offer_key(offer.uuid)) for offer in offers]
    SlotHold.objects.filter(holder__in=holders).delete()


def expire_offers(*, now: datetime) -> int:
    """Close the offers whose time is over; return how many."""
    overdue = WaitingListOffer.objects.filter(outcome=Outcome.PENDING, expires_at__lte=now)
    keys = list(overdue.values_list("entry", flat=True))
    if not keys:
        return 0
    with transaction.atomic():
        held = WaitingListEntry.objects.filter(pk__in=keys).order_by("pk")
        rows = held.select_for_update(of=("self",), no_key=True, skip_locked=True)
        mine = list(rows.values_list("pk", flat=True))
        closed = close_offers(overdue.filter(entry__in=mine), outcome=Outcome.EXPIRED, now=now)
        return len(closed)


def end_what_is_over(*, now: datetime) -> int:
    """End the entries that have no reason any more; return how many."""
    ended = 0
    for end, entries in query.ending(now):
        keys = list(entries.values_list("pk", flat=True))
        if keys:
            with transaction.atomic():
                # The condition again: somebody may have changed them since.
                ended += end_entries(entries.filter(pk__in=keys), end=end, now=now, waits=False)
    return ended


def purge_waiting_list(*, now: datetime) -> int:
    """Delete the entries that ended a year ago, offers with them; return how many (decision 5)."""
    old = WaitingListEntry.objects.filter(ended_at__lt=now - KEPT)
    return in_batches(old, lambda keys: WaitingListEntry.objects.filter(pk__in=keys).delete())
