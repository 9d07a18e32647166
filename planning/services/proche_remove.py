"""A person removes a relative from their family, when nobody expects them (A07, A08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.services.audit_write import record_change
from motifs.models import Visibility
from planning.models import Participation
from planning.services.agenda_lock import limit_waiting
from planning.services.rdv_book import refusals_in_french
from planning.services.usager_forget import forget
from usagers.models import Usager
from usagers.services.proche_edit import ProcheRefused

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import UsagerActor


def remove_proche(*, usager_id: int, actor: UsagerActor, now: datetime) -> None:
    """Forget the relative. Raises ProcheRefused while a RDV to come is theirs, RetryLaterError.

    Whom a service expects for an invisible RDV leaves the family and stays known to that service:
    neither the page nor the answer may tell that it exists.
    """
    with refusals_in_french(), transaction.atomic():
        limit_waiting()
        rows = Usager.objects.living().filter(pk=usager_id, responsable__in=actor.usager_ids)
        proche = rows.select_for_update(of=("self",), no_key=True).first()
        if proche is None:
            raise ProcheRefused(_("Cette personne n’est plus parmi vos proches."))
        coming = Participation.objects.active().filter(
            usager=proche, rdv__hidden_at=None, rdv__ends_at__gt=now
        )
        if coming.exclude(rdv__motif__visibility=Visibility.INVISIBLE).exists():
            raise ProcheRefused(
                _(
                    "Un service attend cette personne pour un rendez-vous : elle ne peut pas être "
                    "retirée maintenant."
                )
            )
        if coming.exists():
            proche.responsable = None
            proche.save(update_fields=["responsable", "updated_at"])
            _record(proche, "usager_edited", actor, now)
            return
        _record(proche, "usager_erased", actor, now)
        forget([proche], now=now)


def _record(proche: Usager, action: str, actor: UsagerActor, now: datetime) -> None:
    record_change(
        action=action,
        object_kind="usager",
        object_uuid=proche.uuid,
        organisation_id=None,
        territoire_id=proche.territoire_id,
        actor=actor,
        now=now,
    )
