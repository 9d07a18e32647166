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
    return _one_by_one(rows, lambda people: _notify(people, now))


def anonymise_quiet_usagers(*, now: datetime) -> int:
    """Forget the families that did nothing for two years; return how many people.

    Who has an address was told a month ago. A family is held whole, or left for the next run.
    """
    limit = now - KEPT
    told = Q(retention_notice_at__gte=limit, retention_notice_at__lte=now - NOTICE)
    rows = quiet_families(limit).filter(Q(email=None) | told)
    return _one_by_one(rows, lambda people: _forget(people, now))


def close_lone_accounts(*, now: datetime) -> int:
    """Delete the accounts of usagers that no fiche needs, unused for two years."""
    living = Usager.objects.living().filter(account=OuterRef("pk"))
    used = Q(last_login__gte=now - KEPT) | Q(created_at__gte=now - KEPT)
    rows = Account.objects.filter(~Exists(living), kind=Kind.USAGER).exclude(used)
    total = 0
    for key in list(rows.values_list("pk", flat=True)):
        with transaction.atomic():
            one = Account.objects.filter(pk=key)
            held = one.select_for_update(of=("self",), skip_locked=True)
            # Read again once held: a fiche that takes the account holds it too.
            if list(held.values_list("pk")) and rows.filter(pk=key).exists():
                one.delete()
                total += 1
    return total


def _one_by_one(rows: QuerySet[Usager], act: Callable[[list[Usager]], int]) -> int:
    """Act on each family in a transaction of its own; return the sum of what `act` returns.

    The condition is read again once the family is held: a booking that was being committed while
    it was read for the first time holds the fiches, and does not change them.
    """
    total, last = 0, 0
    while True:
        keys = list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
        for key in keys:
            with transaction.atomic():
                people = _hold(key)
                if people and rows.filter(pk=key).exists():
                    total += act(people)
        if len(keys) < BATCH:
            return total
        last = keys[-1]


def _hold(key: int) -> list[Usager]:
    """Return the person then their proches, held; [] when somebody is at work on one of them."""
    family = Usager.objects.living().filter(Q(pk=key) | Q(responsable=key)).order_by("pk")
    locked = family.select_for_update(of=("self",), no_key=True, skip_locked=True)
    held = list(locked.select_related("territoire"))
    if len(held) != family.count():
        return []
    return sorted(held, key=lambda person: person.pk != key)


def _notify(people: list[Usager], now: datetime) -> int:
    usager = people[0]
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


def _forget(people: list[Usager], now: datetime) -> int:
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
