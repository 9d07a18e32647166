"""People whom nobody has heard of for two years are told, then forgotten (decision 5)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from agents.models import Organisation
from agents.services.audit_write import record_change
from notifications.messages.address_changed import MOST_SERVICES
from notifications.messages.retention import announce_erasure
from planning.queries.usager_retention import quiet_families
from planning.services.usager_forget import forget
from rdv.accounts.models import Account, Kind
from rdv.common.timezones import local_day
from usagers.models import Usager

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.db.models import QuerySet

KEPT = timedelta(days=731)
NOTICE = timedelta(days=31)
BATCH = 100


def notify_quiet_usagers(*, now: datetime) -> int:
    """Write to the families that are erased in a month, and have an address; return how many.

    Once: a notice that a later act made void is followed by another, two years after that act.
    """
    limit = now - KEPT + NOTICE
    told = Q(retention_notice_at__gte=limit)
    rows = quiet_families(limit).filter(email__isnull=False).exclude(told)
    return _one_by_one(rows, lambda usager: _notify(usager, now))


def anonymise_quiet_usagers(*, now: datetime) -> int:
    """Forget the families that did nothing for two years; return how many people.

    Who has an address was told a month ago. A family is held whole, or left for the next run.
    """
    limit = now - KEPT
    told = Q(retention_notice_at__gte=limit, retention_notice_at__lte=now - NOTICE)
    rows = quiet_families(limit).filter(Q(email=None) | told)
    return _one_by_one(rows, lambda usager: _forget(usager, now))


def close_lone_accounts(*, now: datetime) -> int:
    """Delete the accounts of usagers that no fiche needs, unused for two years."""
    living = Usager.objects.living().filter(account=OuterRef("pk"))
    used = Q(last_login__gte=now - KEPT) | Q(created_at__gte=now - KEPT)
    rows = Account.objects.filter(~Exists(living), kind=Kind.USAGER).exclude(used)
    total = 0
    for key in list(rows.values_list("pk", flat=True)):
        with transaction.atomic():
            account = rows.select_for_update(of=("self",), skip_locked=True).filter(pk=key).first()
            if account is not None:
                account.delete()
                total += 1
    return total


def _one_by_one(rows: QuerySet[Usager], act: Callable[[Usager], int]) -> int:
    """Act on each row in a transaction of its own, read again once it is held."""
    total, last = 0, 0
    while True:
        keys = list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
        for key in keys:
            with transaction.atomic():
                locked = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
                usager = locked.select_related("territoire").filter(pk=key).first()
                total += act(usager) if usager is not None else 0
        if len(keys) < BATCH:
            return total
        last = keys[-1]


def _notify(usager: Usager, now: datetime) -> int:
    known = Organisation.objects.filter(rattachements__usager=usager, archived_at=None)
    day = local_day(now + NOTICE, usager.territoire.zone)
    announce_erasure(
        usager,
        organisations=list(known.order_by("name")[:MOST_SERVICES]),
        last_day=day,
        now=now,
    )
    # Not a change of the fiche: `updated_at` stays.
    Usager.objects.filter(pk=usager.pk).update(retention_notice_at=now)
    return 1


def _forget(usager: Usager, now: datetime) -> int:
    proches = Usager.objects.living().filter(responsable=usager).order_by("pk")
    held = proches.select_for_update(of=("self",), no_key=True, skip_locked=True)
    people = [usager, *held]
    if len(people) != 1 + proches.count():
        return 0
    for person in people:
        record_change(
            action="usager_expired",
            object_kind="usager",
            object_uuid=person.uuid,
            organisation_id=None,
            territoire_id=person.territoire_id,
            actor=None,
            now=now,
        )
    forget(people, now=now)
    return len(people)
