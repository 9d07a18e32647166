"""Cancel an invitation to one organisation: its link gives it no more (G02)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Invitation, Level
from agents.permissions import Permission
from agents.policies import invitations_in
from agents.services.audit_write import record_change
from agents.services.staff_lock import StaffRefused, lock_organisation, lock_role, may_give_admin
from planning.services.agenda_lock import lock_agendas
from planning.services.agent_remove import leave
from planning.services.rdv_book import refusals_in_french

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from agents.permissions import Actor


def cancel_invitation(
    *, invitation_id: int, organisation: Organisation, actor: Actor | None, now: datetime
) -> None:
    """Take back what was offered in `organisation`; the invitation ends with its last one.

    Who had their role at once leaves like any agent: RDVs given to them meanwhile stand in the way.
    Raises StaffRefused, RetryLaterError.
    """
    with refusals_in_french(), transaction.atomic():
        held = lock_organisation(actor, Permission.AGENT_INVITE, organisation.pk)
        rows = invitations_in(actor, Permission.AGENT_INVITE, held)
        found = rows.filter(pk=invitation_id).first()
        if found is None:
            raise StaffRefused(_("Cette invitation a été acceptée ou annulée."))
        if not found.joins_by_accepting:
            lock_agendas([found.agent_id])
            leave(lock_role(found.agent_id, held), actor=actor, now=now)
        else:
            _withdraw(found, held, actor=actor, now=now)
        record_change(
            action="invitation_cancelled",
            object_kind="invitation",
            object_uuid=found.uuid,
            organisation_id=held.pk,
            actor=actor,
            now=now,
        )


def _withdraw(
    invitation: Invitation, organisation: Organisation, *, actor: Actor | None, now: datetime
) -> None:
    locked = Invitation.objects.pending().select_for_update(of=("self",))
    row = locked.filter(pk=invitation.pk).first()
    if row is None:
        raise StaffRefused(_("Cette invitation a été acceptée ou annulée."))
    roles = row.waiting_roles.filter(organisation=organisation)
    if roles.filter(level=Level.ADMIN).exists() and not may_give_admin(actor, organisation):
        raise StaffRefused(_("Seul un administrateur de l’organisation peut en retirer un autre."))
    roles.delete()
    if not row.waiting_roles.exists():
        row.cancelled_at = now
        row.save(update_fields=["cancelled_at"])
