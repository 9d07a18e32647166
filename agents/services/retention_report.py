"""Run one step of retention, and write down what it did (decision 5)."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import Error, connection, transaction

from agents.models import RetentionReport
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.db.models import QuerySet

    from agents.models import Step

logger = logging.getLogger(__name__)
BATCH = 500
KEPT = timedelta(days=1096)


def run_step(
    step: Step, act: Callable[..., int | tuple[int, int]], *, now: datetime
) -> RetentionReport:
    """Call `act(now=now)` and write one row: its count, or (done, held back), or its failure.

    A step that fails stops none of the others: the next run tries it again.
    """
    done, kept, error = 0, 0, ""
    try:
        result = act(now=now)
        done, kept = result if isinstance(result, tuple) else (result, 0)
    except (Error, DomainError, ValueError, LookupError) as failure:
        # The name of the class only: messages of the database quote values.
        error = type(failure).__name__
        logger.error(  # noqa: TRY400
            "retention step failed", extra={"step": str(step), "error": error}
        )
    RetentionReport.objects.filter(at__lt=now - KEPT).delete()
    return RetentionReport.objects.create(step=step, at=now, rows=done, kept=kept, error=error)


def in_batches(
    rows: QuerySet, act: Callable[[list[int]], object], *, size: int = BATCH, erases: bool = False
) -> int:
    """Give `act` the keys of `rows`, a transaction each batch; return how many there were.

    Rows that somebody is changing are left for the next run. What `act` did takes its rows out of
    `rows`. `erases`: says to the append-only tables that retention is at work.
    """
    total = 0
    while True:
        with transaction.atomic():
            locked = rows.order_by("pk").select_for_update(of=("self",), skip_locked=True)
            keys = list(locked.values_list("pk", flat=True)[:size])
            if keys:
                if erases:
                    allow_erasing()
                act(keys)
        total += len(keys)
        if len(keys) < size:
            return total


def allow_erasing() -> None:
    """Let this transaction erase what the triggers of history and audit allow, no more."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL rdv.retention = 'on'")
