"""Change what the public reads of an organisation."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import OrganisationKind
from agents.permissions import Permission
from agents.policies import organisations_for
from agents.services.audit_write import record_change
from rdv.common.errors import DomainError
from rdv.common.saving import InvalidRow, save_checked

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from agents.permissions import Actor


class OrganisationRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """The agent may not change the organisation any more."""


@dataclass(frozen=True)
class OrganisationFields:
    name: str
    phone_number: str = ""
    email: str = ""
    website: str = ""
    opening_hours: str = ""
    kind: str = OrganisationKind.OTHER


@transaction.atomic
def update_organisation(
    *,
    organisation_id: int,
    fields: OrganisationFields,
    actor: Actor | None,
    now: datetime,
) -> Organisation:
    """Change the contact fields and the kind, and write it down; the public address stays.

    Raises OrganisationRefused, or InvalidRow: also when the last contact would go while a motif
    is open online (G12).
    """
    rows = organisations_for(actor, Permission.ORGANISATION_EDIT)
    locked = rows.select_for_update(of=("self",), no_key=True)
    organisation = locked.filter(pk=organisation_id).first()
    if organisation is None:
        raise OrganisationRefused(_("Vous ne pouvez plus modifier cette organisation."))
    changed = [n for n, value in asdict(fields).items() if getattr(organisation, n) != value]
    for name in changed:
        setattr(organisation, name, getattr(fields, name))
    if not (fields.phone_number or fields.email) and _has_motif_online(organisation):
        raise InvalidRow(
            {"phone_number": [_("Gardez un téléphone ou un e-mail : des motifs sont en ligne.")]}
        )
    save_checked(organisation)
    if changed:
        record_change(
            action="organisation_changed",
            object_kind="organisation",
            object_uuid=organisation.uuid,
            organisation_id=organisation.pk,
            actor=actor,
            now=now,
            detail={"fields": sorted(changed)},
        )
    return organisation


def _has_motif_online(organisation: Organisation) -> bool:
    return organisation.motifs.filter(booking_level="usagers", archived_at=None).exists()
