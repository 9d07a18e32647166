"""Which reminders a RDV is to get: rows, kept true by every change (C01, C06, decision 1).

`rdv_history.record` calls it: no service changes a RDV without writing its history. What a path of
tomorrow would forget is harmless twice: the sender judges each row again, the sweep adds those that
are missing.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from planning.models import Participation, Rdv, RdvEvent, Reminder
from planning.rules import reminder as rule
from planning.rules.status import ACTIVE
from planning.slots.holidays import public_holidays

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from agents.models import Territoire

    RdvSet = QuerySet[Rdv]

logger = logging.getLogger(__name__)

BATCH = 100
# Long enough to tell whether somebody was reminded, short enough to hold little.
KEPT = timedelta(days=90)


def plan_reminders(rdv: Rdv, *, now: datetime, set_at: datetime | None = None) -> None:
    """Write the rows that the RDV, as just saved, deserves, and delete those that became false.

    In the transaction of the change; a second call changes nothing. Rows already sent stay: the
    same start is recalled once. `set_at` is when the start was set, `now` unless given: past its
    due instant, no reminder.
    """
    if rdv.starts_at <= now:
        return
    rows = Participation.objects.filter(rdv=rdv).values_list(
        "pk",
        "status",
        "notifies_reminder",
        "reminders__pk",
        "reminders__starts_at",
        "reminders__sent_at",
    )
    is_live = not rdv.is_cancelled and rdv.hidden_at is None
    wanted, known, stale = set(), set(), []
    for participation, status, is_on, reminder, starts_at, sent_at in rows:
        deserves = is_live and is_on and status in ACTIVE
        if deserves:
            wanted.add(participation)
        if starts_at == rdv.starts_at and (deserves or sent_at is not None):
            known.add(participation)
        elif reminder is not None and sent_at is None:
            stale.append(reminder)
    if stale:
        Reminder.objects.filter(pk__in=stale, sent_at=None).delete()
    if wanted - known:
        _add(rdv, sorted(wanted - known), now=now, set_at=set_at or now)


def due_of(rdv: Rdv) -> datetime:
    """Return when the reminder of this RDV is due, by the clock and holidays of its territoire."""
    territoire = rdv.organisation.territoire
    return rule.due_at(rdv.starts_at, zone=territoire.zone, is_holiday=holidays_of(territoire))


def holidays_of(territoire: Territoire) -> rule.IsHoliday:
    zone = territoire.holiday_zone

    def is_holiday(day: date) -> bool:
        return day in public_holidays(zone, day.year)

    return is_holiday


def _add(rdv: Rdv, participations: list[int], *, now: datetime, set_at: datetime) -> None:
    due = due_of(rdv)
    if rule.is_deserved(due, set_at=set_at):
        Reminder.objects.bulk_create(
            [
                Reminder(participation_id=pk, starts_at=rdv.starts_at, due_at=due, created_at=now)
                for pk in participations
            ],
            ignore_conflicts=True,
        )


def sweep_reminders(*, now: datetime) -> int:
    """Plan what is missing, forget what is over; return how many RDVs were completed.

    Rows are missing for RDVs older than this table, or made outside the services (demonstration,
    import). What happened last to a RDV says whether it deserved one, not the hour of the sweep:
    nothing is lost between two of them.
    """
    _forget(now)
    rdvs = _without_reminder(now).select_related("organisation__territoire")
    ids = [rdv.pk for rdv in rdvs if rule.is_deserved(due_of(rdv), set_at=_set_at(rdv))]
    completed = 0
    for start in range(0, len(ids), BATCH):
        completed += _complete(ids[start : start + BATCH], now)
    if completed:
        logger.warning("reminders were missing for %s RDVs", completed)
    return completed


def _without_reminder(now: datetime) -> RdvSet:
    """RDVs to come, with somebody who is to be reminded and no row for it."""
    planned = Reminder.objects.filter(
        participation=OuterRef("pk"), starts_at=OuterRef("rdv__starts_at")
    )
    bare = Participation.objects.active().filter(
        ~Exists(planned), rdv=OuterRef("pk"), notifies_reminder=True
    )
    last = RdvEvent.objects.filter(rdv=OuterRef("pk")).order_by("-at").values("at")[:1]
    rdvs = Rdv.objects.active().filter(Exists(bare), starts_at__gt=now)
    return rdvs.annotate(last_event_at=Subquery(last)).order_by("pk")


def _set_at(rdv: Rdv) -> datetime:
    last: datetime | None = rdv.last_event_at  # type: ignore[attr-defined]
    return max(rdv.created_at, last) if last else rdv.created_at


@transaction.atomic
def _complete(ids: list[int], now: datetime) -> int:
    """Plan these RDVs; those that somebody is changing plan themselves."""
    rdvs = (
        _without_reminder(now)
        .filter(pk__in=ids)
        .select_related("organisation__territoire")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
    )
    for rdv in rdvs:
        plan_reminders(rdv, now=now, set_at=_set_at(rdv))
    return len(rdvs)


def _forget(now: datetime) -> None:
    """Delete the rows of RDVs that are over; those that never left are reported."""
    missed = Reminder.objects.filter(sent_at=None, starts_at__lte=now)
    keys = list(missed.order_by("pk").values_list("pk", flat=True))
    if keys:
        logger.error("reminders that never left, their RDV has begun: %s", keys)
        missed.filter(pk__in=keys).delete()
    Reminder.objects.filter(starts_at__lt=now - KEPT).delete()
