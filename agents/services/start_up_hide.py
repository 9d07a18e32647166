"""Put the start-up checklist of an organisation away, for all its admins (G16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from agents.policies import organisations_for
from agents.services.audit_write import record_change
from agents.services.organisation_edit import OrganisationRefused

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor


@transaction.atomic
def hide_start_up(*, organisation_id: int, actor: Actor | None, now: datetime) -> None:
    """Write when it was put away; the same twice changes nothing. Raises OrganisationRefused."""
    rows = organisations_for(actor, Permission.ORGANISATION_EDIT)
    locked = rows.select_for_update(of=("self",), no_key=True)
    organisation = locked.filter(pk=organisation_id).first()
    if organisation is None:
        raise OrganisationRefused(_("Vous ne pouvez plus modifier cette organisation."))
    if organisation.start_up_hidden_at is not None:
        return
    organisation.start_up_hidden_at = now
    organisation.save(update_fields=["start_up_hidden_at"])
    record_change(
        action="start_up_hidden",
        object_kind="organisation",
        object_uuid=organisation.uuid,
        organisation_id=organisation.pk,
        actor=actor,
        now=now,
    )
