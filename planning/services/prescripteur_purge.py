"""Erase who prescribed, two years after the RDV (decision 5)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef

from planning.models import Participation
from usagers.models import Prescripteur
from usagers.models.prescripteur import ERASED

if TYPE_CHECKING:
    from datetime import datetime

BATCH = 500
KEPT = timedelta(days=731)


def purge_prescripteurs(*, now: datetime) -> int:
    """Erase name, address and phone of those whose last RDV ended two years ago; return how many.

    That somebody was sent by a partner stays, for statistics. Rows without any RDV are as old as
    themselves. In batches of a transaction each, over rows that nobody is changing.
    """
    limit = now - KEPT
    recent = Participation.objects.filter(prescripteur=OuterRef("pk"), rdv__ends_at__gte=limit)
    old = Prescripteur.objects.filter(~Exists(recent), created_at__lt=limit)
    rows = old.exclude(email=ERASED["email"]).order_by("pk")
    total = 0
    while True:
        with transaction.atomic():
            locked = rows.select_for_update(of=("self",), skip_locked=True)
            keys = list(locked.values_list("pk", flat=True)[:BATCH])
            Prescripteur.objects.filter(pk__in=keys).update(**ERASED)
        total += len(keys)
        if len(keys) < BATCH:
            return total
