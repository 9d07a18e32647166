"""Every night: are the counts of the statistics what the tables say? What is not is repaired."""

from __future__ import annotations

import logging
from typing import Any

from django.db import connection, transaction

from agents.models import Organisation
from planning.services import stats_sql as sql
from planning.services.stats_refresh import all_days, by_batch, lock_counts, recount

logger = logging.getLogger(__name__)


def check_stats() -> int:
    """Compare every day of every organisation; return how many days had to be recounted.

    Days that wait for the next sweep are left to it. A drift means that something wrote without
    triggers (a restored table, a loader): it is logged, with the organisation and the days.
    """
    drifted = 0
    for organisation_id in Organisation.objects.order_by("pk").values_list("pk", flat=True):
        for kind in ("rdv", "message"):
            drifted += _check(kind, organisation_id)
    return drifted


@transaction.atomic
def _check(kind: str, organisation_id: int) -> int:
    lock_counts()
    wrong = []
    for some in by_batch(all_days(kind, organisation_id)):
        values: dict[str, list[Any]] = {
            "organisations": [o for o, _ in some],
            "days": [day for _, day in some],
        }
        with connection.cursor() as cursor:
            cursor.execute(sql.DRIFTED_DAYS[kind], values)
            wrong += [(organisation_id, day) for (day,) in cursor.fetchall()]
    with connection.cursor() as cursor:
        cursor.execute(sql.DRIFTED_MONTHS[kind], {"organisation": organisation_id})
        wrong += [(organisation_id, month) for (month,) in cursor.fetchall()]
    if wrong:
        recount(kind, wrong)
        logger.warning(
            "statistics: counts repaired",
            extra={
                "kind": kind,
                "organisation": organisation_id,
                "days": len(wrong),
                "first_day": wrong[0][1].isoformat(),
            },
        )
    return len(wrong)
