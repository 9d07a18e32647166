"""A person deletes their account: RDVs cancelled, fiches forgotten (A08, decision 26)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from agents.services.audit_write import record_change
from motifs.models import Visibility
from planning.models import Participation
from planning.queries.account_end import account_end
from planning.rules.account_end import refusal_to_end
from planning.services.agenda_lock import limit_waiting
from planning.services.rdv_book import refusals_in_french
from planning.services.rdv_cancel import cancel_rdv
from planning.services.usager_forget import forget
from rdv.accounts.models import Account, Kind
from rdv.common.errors import DomainError
from usagers.models import Usager

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import UsagerActor


class AccountNotEndable(DomainError):  # noqa: N818 - refusals are named for what is refused
    """A RDV to come stands in the way: the rule's reason, in French."""


def end_account(*, actor: UsagerActor, accepts_cancelling: bool, now: datetime) -> None:
    """Cancel the RDVs to come (the agents are told), forget the family, delete the account.

    All or nothing. Holds the fiches, as every booking does: nobody books for them meanwhile. A
    family that an agent expects for an invisible RDV stays known to the service, without account:
    neither the page nor the answer may tell that it exists. Raises AccountNotEndable,
    RetryLaterError.
    """
    with refusals_in_french(), transaction.atomic():
        limit_waiting()
        family = Q(pk__in=actor.usager_ids) | Q(responsable__in=actor.usager_ids)
        rows = Usager.objects.living().filter(family).order_by("pk")
        people = list(rows.select_for_update(of=("self",), no_key=True))
        found = account_end(actor, now=now)
        refusal = refusal_to_end(
            coming=found.coming,
            cancellable=len(found.cancellable),
            accepts_cancelling=accepts_cancelling,
        )
        if refusal:
            raise AccountNotEndable(refusal)
        for rdv in sorted(found.cancellable, key=lambda row: row.pk):
            cancel_rdv(rdv_id=rdv.pk, actor=actor, now=now)
        kept = _expected_in_secret(people, now)
        _forget([row for row in people if (row.responsable_id or row.pk) not in kept], actor, now)
        Account.objects.filter(pk=actor.account_id, kind=Kind.USAGER).delete()


def _expected_in_secret(people: list[Usager], now: datetime) -> set[int]:
    """Return the heads of the families that an invisible RDV to come waits for."""
    waited = Participation.objects.active().filter(
        usager__in=people,
        rdv__motif__visibility=Visibility.INVISIBLE,
        rdv__hidden_at=None,
        rdv__ends_at__gt=now,
    )
    pairs = waited.values_list("usager__responsable", "usager")
    return {head or person for head, person in pairs}


def _forget(people: list[Usager], actor: UsagerActor, now: datetime) -> None:
    for person in people:
        record_change(
            action="usager_erased",
            object_kind="usager",
            object_uuid=person.uuid,
            organisation_id=None,
            territoire_id=person.territoire_id,
            actor=actor,
            now=now,
        )
    forget(people, now=now)
