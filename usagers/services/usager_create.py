"""An agent creates a fiche (F01): last and first name are enough."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from agents.policies import organisations_for
from agents.services.audit_write import record_change
from rdv.common.saving import InvalidRow
from usagers.models import Origin, Rattachement, Usager
from usagers.policies import usagers_bookable
from usagers.services.usager_fields import (
    EmailTaken,
    NewUsager,
    UsagerRefused,
    fill,
    refuse_hidden,
    save_fiche,
)

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from agents.permissions import Actor

__all__ = ["EmailTaken", "NewUsager", "UsagerRefused", "create_usager"]


@transaction.atomic
def create_usager(
    *,
    organisation: Organisation,
    fields: NewUsager,
    actor: Actor | None,
    now: datetime,
    new_responsable: NewUsager | None = None,
    origin: Origin = Origin.AGENT,
) -> Usager:
    """Add a fiche known by `organisation`, and before it that of its `new_responsable`.

    Nobody is told. Raises UsagerRefused, EmailTaken, or InvalidRow with the fields at fault; those
    of the responsable bear the prefix "responsable_".
    """
    if not organisations_for(actor, Permission.USAGER_EDIT).filter(pk=organisation.pk).exists():
        raise UsagerRefused(_("Vous ne pouvez plus créer de fiche dans cette organisation."))
    if new_responsable is not None:
        head = _create_responsable(organisation, new_responsable, actor, now)
        fields = replace(fields, responsable_id=head.pk)
    refuse_hidden(fields, organisation)
    usager = Usager(
        territoire_id=organisation.territoire_id,
        responsable=_responsable(fields.responsable_id, actor=actor, organisation=organisation),
        origin=origin,
    )
    fill(usager, fields)
    save_fiche(usager, actor=actor, organisation=organisation, now=now)
    Rattachement.objects.create(
        usager=usager, organisation=organisation, notes=fields.notes.strip()
    )
    record_change(
        action="usager_imported" if origin == Origin.IMPORT else "usager_created",
        object_kind="usager",
        object_uuid=usager.uuid,
        organisation_id=organisation.pk,
        actor=actor,
        now=now,
    )
    return usager


def _create_responsable(
    organisation: Organisation, fields: NewUsager, actor: Actor | None, now: datetime
) -> Usager:
    try:
        return create_usager(organisation=organisation, fields=fields, actor=actor, now=now)
    except (EmailTaken, InvalidRow) as refusal:
        refusal.errors = {f"responsable_{name}": said for name, said in refusal.errors.items()}
        raise


def _responsable(
    responsable_id: int | None, *, actor: Actor | None, organisation: Organisation
) -> Usager | None:
    """Return the responsable, whom the organisation must know: creating is not a way to attach."""
    if responsable_id is None:
        return None
    known = usagers_bookable(actor, organisation).filter(is_known=True)
    found = known.filter(pk=responsable_id, responsable=None).first()
    if found is None:
        raise UsagerRefused(
            _("Un proche se crée auprès d’un responsable que votre organisation connaît déjà.")
        )
    return found
