"""Delete the plages and indisponibilités that ended long ago (decision 5)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from planning.models import Indisponibilite, PlageOuverture
from planning.queries.indisponibilite_list import over_before
from planning.queries.plage_ouverture_list import ended_before

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Q

BATCH = 500


def purge_planning(*, now: datetime) -> int:
    """Delete what ended more than a year ago, exceptions with it; return how many rows.

    In batches of a transaction each, over rows that nobody is changing. Nobody is told. The day of
    the farthest zone behind UTC counts: nothing goes a day too early.
    """
    today = (now - timedelta(hours=12)).date()
    limit = today - timedelta(days=366)
    return _purge(PlageOuverture, ended_before(limit)) + _purge(Indisponibilite, over_before(limit))


def _purge(model: type[PlageOuverture | Indisponibilite], condition: Q) -> int:
    total = 0
    while True:
        with transaction.atomic():
            rows = model._default_manager.filter(condition).order_by("pk")
            keys = list(
                rows.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)[
                    :BATCH
                ]
            )
            model._default_manager.filter(pk__in=keys).delete()
        total += len(keys)
        if len(keys) < BATCH:
            return total
