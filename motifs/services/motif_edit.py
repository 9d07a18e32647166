"""Create and change a motif."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Organisation
from agents.permissions import Permission
from agents.policies import organisations_for
from motifs.models import Motif
from motifs.policies import motifs_for
from motifs.queries.motif_list import services_for_motif
from motifs.rules.edition import refusal_to_change_kind, refusal_to_go_online
from rdv.common.errors import DomainError
from rdv.common.saving import InvalidRow, save_checked

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor


class MotifRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """The agent may not do that to the motif any more."""


@dataclass(frozen=True)
class MotifFields:
    """What an admin chooses; names and units are the model's."""

    name: str
    service_id: int
    color: str
    duration_minutes: int
    location_type: str
    booking_level: str
    min_delay_minutes: int
    max_delay_minutes: int
    visibility: str
    restriction: str = ""
    instructions: str = ""
    cancel_warning: str = ""
    is_cancellable_by_usager: bool = True
    is_movable_by_usager: bool = True
    for_secretariat: bool = False
    is_follow_up: bool = False
    max_persons: int = 1
    is_collective: bool = False
    pause_minutes: int = 0
    limits_household: bool = False
    asks_needs: bool = False
    has_waiting_list: bool = True


@transaction.atomic
def create_motif(
    *,
    organisation: Organisation,
    fields: MotifFields,
    actor: Actor | None,
    now: datetime,  # noqa: ARG001 (every service has it)
) -> Motif:
    """Add a motif. Raises MotifRefused, or InvalidRow with the fields at fault."""
    if not organisations_for(actor, Permission.MOTIF_EDIT).filter(pk=organisation.pk).exists():
        raise MotifRefused(_("Vous ne pouvez plus créer de motif dans cette organisation."))
    motif = Motif(organisation=organisation)
    _write(motif, fields)
    return motif


@transaction.atomic
def update_motif(
    *,
    motif_id: int,
    fields: MotifFields,
    actor: Actor | None,
    now: datetime,  # noqa: ARG001 (every service has it)
) -> Motif:
    """Change a motif. Raises like `create_motif`.

    The lock is the strong one: somebody who books at this moment waits, so that the type cannot
    change under the first RDV.
    """
    motif = lock_motif(motif_id, actor)
    refusal = refusal_to_change_kind(
        has_rdv=motif.rdvs.exists(),
        old=(motif.location_type, motif.is_collective),
        new=(fields.location_type, fields.is_collective),
    )
    if refusal:
        raise InvalidRow({"location_type": [refusal]})
    if fields.is_collective and motif.plage_motifs.exists():
        raise InvalidRow(
            {"is_collective": [_("Ce motif est dans des plages d’ouverture : retirez-le d’abord.")]}
        )
    _write(motif, fields)
    return motif


def lock_motif(motif_id: int, actor: Actor | None) -> Motif:
    """Lock and return a motif that is not archived. Raises MotifRefused."""
    rows = motifs_for(actor, Permission.MOTIF_EDIT).select_for_update(of=("self",))
    motif = rows.filter(pk=motif_id, archived_at=None).first()
    if motif is None:
        raise MotifRefused(_("Ce motif est archivé, ou vous ne pouvez plus le modifier."))
    return motif


def _write(motif: Motif, fields: MotifFields) -> None:
    # Shared with services/organisation_edit: a contact cannot go while a motif comes online.
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=motif.organisation_id)
    allowed = services_for_motif(organisation, motif if motif.pk else None)
    if not allowed.filter(pk=fields.service_id).exists():
        raise InvalidRow({"service": [_("Choisissez un service actif du territoire.")]})
    for name, value in asdict(fields).items():
        setattr(motif, name, value)
    refusal = refusal_to_go_online(
        is_open_online=motif.is_open_online,
        has_contact=bool(organisation.phone_number or organisation.email),
    )
    if refusal:
        raise InvalidRow({"booking_level": [refusal]})
    save_checked(motif)
