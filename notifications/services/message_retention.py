"""Texts and recipients of messages are erased after six months (decision 5)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from notifications.models import OutboxMessage, State
from notifications.models.outbox_message import PENDING

if TYPE_CHECKING:
    from datetime import datetime

KEPT = timedelta(days=184)
BATCH = 500
ERASED = {
    "recipient": "",
    "recipient_name": "",
    "reply_to": "",
    "subject": "",
    "body": "",
    "html": "",
    "ics": "",
    "ics_method": "",
    "secret_link": "",
}


def purge_messages(*, now: datetime) -> int:
    """Erase what messages said and to whom; return how many. The row stays: what, when, how.

    Never of one that may still leave, alone or in a grouped message.
    """
    waiting = Q(state__in=PENDING) | Q(state=State.GROUPED, grouped_in__state__in=PENDING)
    old = OutboxMessage.objects.filter(created_at__lt=now - KEPT).exclude(waiting)
    rows = old.exclude(recipient="", recipient_name="", body="", html="", ics="").order_by("pk")
    total = 0
    while True:
        with transaction.atomic():
            locked = rows.select_for_update(of=("self",), skip_locked=True)
            keys = list(locked.values_list("pk", flat=True)[:BATCH])
            OutboxMessage.objects.filter(pk__in=keys).update(**ERASED)
        total += len(keys)
        if len(keys) < BATCH:
            return total


def erase_messages(about: Q) -> int:
    """Erase these messages now, in the caller's transaction; return how many.

    Those that wait to leave do leave (decision 26); retention erases them in their turn.
    """
    waiting = Q(state__in=PENDING) | Q(state=State.GROUPED, grouped_in__state__in=PENDING)
    keys = list(OutboxMessage.objects.filter(about).exclude(waiting).values_list("pk", flat=True))
    return OutboxMessage.objects.filter(pk__in=keys).update(**ERASED)
