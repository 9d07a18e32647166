"""« Supprimer » a RDV: hidden, kept, audited (decision 26)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from agents.permissions import AgentActor, Permission
from agents.services.audit_write import record_change
from planning.models import Action
from planning.services.rdv_history import record
from planning.services.rdv_lock import agenda_refusals, lock_rdv

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor
    from planning.models import Rdv


def delete_rdv(*, rdv_id: int, actor: Actor, now: datetime) -> Rdv:
    """Hide the RDV everywhere and free its time. Nobody is told; what was queued still leaves.

    Admins only. Raises RdvRefused, RetryLaterError.
    """
    with agenda_refusals(), transaction.atomic():
        rdv = lock_rdv(rdv_id, actor=actor, permission=Permission.RDV_DELETE)
        assert isinstance(actor, AgentActor)  # nobody else holds that permission
        rdv.hidden_at = now
        rdv.save(update_fields=["hidden_at"])
        record(rdv, action=Action.DELETED, actor=actor, at=now)
        record_change(
            action="rdv_deleted",
            object_kind="rdv",
            object_uuid=rdv.uuid,
            organisation_id=rdv.organisation_id,
            actor=actor,
            now=now,
        )
        return rdv
