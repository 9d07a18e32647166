"""Keeps the counts of the statistics up to date: recounts the days that triggers have marked.

Recounting a day is forgetting it and counting it again: doing it twice, after an outage or by two
workers, gives the same rows. One transaction at a time counts (an advisory lock), so that what is
counted last was read last.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import connection, transaction

from planning.models import StatRefresh
from planning.services import stats_sql as sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

logger = logging.getLogger(__name__)

Day = tuple[int, "date"]
"""An organisation's key and a day."""

# Two workers count one after the other.
_LOCK = 7_318_008
# Changes taken in one transaction, days of one organisation in one statement, and how long one
# sweep may go on: the next one continues.
MOST_CHANGES = 5000
MOST_DAYS = 366
MOST_BATCHES = 500


def refresh_stats(*, now: datetime) -> bool:
    """Recount what has changed; True when nothing was left, and then the figures are of `now`.

    Everything committed before `now` is counted: a change and its mark are committed together.
    """
    for _batch in range(MOST_BATCHES):
        if not _refresh_some():
            # Never back: the worker that began last may end first.
            with transaction.atomic():
                lock_counts()
                StatRefresh.objects.filter(pk=1, done_at__lt=now).update(done_at=now)
                StatRefresh.objects.get_or_create(pk=1, defaults={"done_at": now})
            return True
    logger.warning("statistics: changes are left for the next sweep")
    return False


def lock_counts() -> None:
    """Wait for whoever counts, and make the next one wait until the end of the transaction.

    Days are then read by the index of organisation and instant alone, never combined with that of
    all the RDVs of the organisation.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SET LOCAL enable_bitmapscan = off")


@transaction.atomic
def _refresh_some() -> bool:
    """Recount a whole organisation, or the days of some changes; False when there were none."""
    lock_counts()
    with connection.cursor() as cursor:
        cursor.execute(sql.TAKE_WHOLE)
        if whole := cursor.fetchone():
            recount(whole[0], all_days(*whole))
            return True
        cursor.execute(sql.TAKE_CHANGES, {"most": MOST_CHANGES})
        rows = cursor.fetchall()
        # Marks whose RDV is gone since name no day: look whether others wait.
        cursor.execute("SELECT EXISTS (SELECT FROM planning_statchange)")
        is_more = cursor.fetchone()[0]
    for kind in ("rdv", "message"):
        recount(kind, [(row[1], row[2]) for row in rows if row[0] == kind])
    return bool(rows) or is_more


def all_days(kind: str, organisation_id: int) -> list[Day]:
    """Return the days on which an organisation has, or had, something to count."""
    with connection.cursor() as cursor:
        cursor.execute(sql.ALL_DAYS[kind], {"organisation": organisation_id})
        return [(organisation_id, day) for (day,) in cursor.fetchall()]


def recount(kind: str, days: Sequence[Day]) -> None:
    """Count these days again, and their months. In a transaction that holds `lock_counts`."""
    day_steps, month_steps = _STEPS[kind]
    for some in by_batch(days):
        _run(day_steps, {"organisations": [o for o, _ in some], "days": [day for _, day in some]})
    months = sorted({(organisation, day.replace(day=1)) for organisation, day in days})
    for some in by_batch(months):
        _run(
            month_steps,
            {"organisations": [o for o, _ in some], "months": [month for _, month in some]},
        )


def by_batch(days: Sequence[Day]) -> Iterator[Sequence[Day]]:
    for first in range(0, len(days), MOST_DAYS):
        yield days[first : first + MOST_DAYS]


_STEPS = {
    "rdv": (
        (sql.FORGET_RDVS, sql.COUNT_RDVS),
        (sql.FORGET_RDV_MONTHS, sql.COUNT_RDV_MONTHS),
    ),
    "message": (
        (sql.FORGET_MESSAGES, sql.COUNT_MESSAGES),
        (sql.FORGET_MESSAGE_MONTHS, sql.COUNT_MESSAGE_MONTHS),
    ),
}


def _run(steps: tuple[str, ...], values: dict[str, list[object]]) -> None:
    with connection.cursor() as cursor:
        for step in steps:
            cursor.execute(step, values)
