"""Create and change a motif."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Organisation
from agents.permissions import Permission
from agents.policies import organisations_for
from agents.services.audit_write import record_change
from motifs.models import Motif, MotifCategory, SectorisationLevel
from motifs.policies import motifs_for
from motifs.queries.motif_list import services_for_motif
from motifs.rules.edition import refusal_to_change_kind, refusal_to_go_online
from rdv.common.errors import DomainError
from rdv.common.saving import InvalidRow, save_checked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
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
    category_id: int | None = None
    sectorisation_level: str = SectorisationLevel.DEPARTEMENT


def create_motif(
    *,
    organisation: Organisation,
    fields: MotifFields,
    actor: Actor | None,
    now: datetime,
) -> Motif:
    """Add a motif. Raises MotifRefused, or InvalidRow with the fields at fault."""
    return create_motifs(organisations=[organisation], fields=fields, actor=actor, now=now)[0]


@transaction.atomic
def create_motifs(
    *,
    organisations: Sequence[Organisation],
    fields: MotifFields,
    actor: Actor | None,
    now: datetime,
) -> list[Motif]:
    """Add the same motif in each organisation, or in none. Raises like `create_motif`.

    Of several organisations, the errors name the one that refuses.
    """
    if not organisations:
        raise InvalidRow({"organisations": [_("Choisissez au moins une organisation.")]})
    keys = {organisation.pk for organisation in organisations}
    allowed = organisations_for(actor, Permission.MOTIF_EDIT).filter(pk__in=keys)
    if allowed.count() != len(keys):
        raise MotifRefused(_("Vous ne pouvez plus créer de motif dans cette organisation."))
    made = []
    # Locked in one order: two agents who create in the same organisations do not cross.
    for organisation in sorted(organisations, key=lambda row: row.pk):
        motif = Motif(organisation=organisation)
        try:
            _write(motif, fields)
        except InvalidRow as refusal:
            if len(keys) == 1:
                raise
            raise _named(refusal, organisation) from refusal
        record_motif(motif, "motif_created", actor=actor, now=now)
        made.append(motif)
    return made


def _named(refusal: InvalidRow, organisation: Organisation) -> InvalidRow:
    return InvalidRow(
        {
            field: [f"{organisation.name} : {message}" for message in found]
            for field, found in refusal.errors.items()
        }
    )


def record_motif(
    motif: Motif,
    action: str,
    *,
    actor: Actor | None,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write in the audit trail what was done to the motif; `detail` names columns."""
    record_change(
        action=action,
        object_kind="motif",
        object_uuid=motif.uuid,
        organisation_id=motif.organisation_id,
        actor=actor,
        now=now,
        detail=detail,
    )


@transaction.atomic
def update_motif(
    *,
    motif_id: int,
    fields: MotifFields,
    actor: Actor | None,
    now: datetime,
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
    changed = [name for name, value in asdict(fields).items() if getattr(motif, name) != value]
    _write(motif, fields)
    if changed:
        record_motif(motif, "motif_edited", actor=actor, now=now, detail={"columns": changed})
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
        text = _("Ce service n’est pas actif dans le territoire « %(name)s ».")
        raise InvalidRow({"service": [text % {"name": organisation.territoire.name}]})
    if fields.category_id is not None:
        categories = MotifCategory.objects.filter(territoire=organisation.territoire_id)
        if not categories.filter(pk=fields.category_id).exists():
            text = _("Cette catégorie n’est pas du territoire « %(name)s ».")
            raise InvalidRow({"category": [text % {"name": organisation.territoire.name}]})
    for name, value in asdict(fields).items():
        setattr(motif, name, value)
    refusal = refusal_to_go_online(
        is_open_online=motif.is_open_online,
        has_contact=bool(organisation.phone_number or organisation.email),
    )
    if refusal:
        raise InvalidRow({"booking_level": [refusal]})
    save_checked(motif)
