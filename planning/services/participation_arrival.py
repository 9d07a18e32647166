"""« Arrivé »: somebody is in the waiting room (decision 35; planning §6.13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from planning.models import Action, Participation
from planning.queries.rdv_acts import moment_of
from planning.rules.status import UNKNOWN
from planning.services.rdv_announce import announce_arrival
from planning.services.rdv_history import record
from planning.services.rdv_lock import RdvRefused, agenda_refusals, lock_rdv

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor


def mark_arrival(
    *, participation_id: int, has_arrived: bool, actor: Actor, now: datetime
) -> Participation:
    """Write when the person came, or that they did not; the same twice changes nothing.

    Only on the day of the RDV, as long as neither is cancelled. Raises RdvRefused, RetryLaterError.
    """
    with agenda_refusals(), transaction.atomic():
        found = Participation.objects.filter(pk=participation_id).first()
        if found is None:
            raise RdvRefused(_("Cette personne n’est plus inscrite à ce RDV."))
        rdv = lock_rdv(found.rdv_id, actor=actor, permission=Permission.RDV_EDIT)
        row = Participation.objects.select_related("usager").get(pk=participation_id)
        row.rdv = rdv
        if (row.arrived_at is not None) == has_arrived:
            return row
        if has_arrived:
            _check(row, now)
        before, row.arrived_at = row.arrived_at, now if has_arrived else None
        row.save(update_fields=["arrived_at"])
        record(
            rdv,
            action=Action.EDITED,
            actor=actor,
            at=now,
            changes={f"participation:{row.pk}:arrived_at": (before, row.arrived_at)},
        )
        if has_arrived:
            announce_arrival(rdv, row, actor=actor, now=now)
        return row


def _check(row: Participation, now: datetime) -> None:
    moment = moment_of(row.rdv, now)
    if moment.day != moment.today:
        raise RdvRefused(_("L’arrivée se note le jour du RDV."))
    if row.status != UNKNOWN or row.rdv.is_cancelled:
        raise RdvRefused(_("Le statut est déjà renseigné : l’arrivée ne se note plus."))
