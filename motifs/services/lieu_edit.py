"""Create, change, close, reopen and delete a lieu."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from agents.policies import organisations_for
from agents.services.audit_write import record_change
from motifs.models import Availability, Lieu
from motifs.policies import lieux_for
from motifs.queries.lieu_list import is_used
from rdv.common.errors import DomainError
from rdv.common.saving import save_checked

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from agents.permissions import Actor


class LieuRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """That may not be done to the lieu."""


@dataclass(frozen=True)
class LieuFields:
    name: str
    address: str
    phone_number: str = ""
    # Of the address, when the national service knows it; asked before the transaction.
    latitude: float | None = None
    longitude: float | None = None


@transaction.atomic
def create_lieu(
    *,
    organisation: Organisation,
    fields: LieuFields,
    actor: Actor | None,
    now: datetime,
) -> Lieu:
    """Add an open lieu. Raises LieuRefused, or InvalidRow with the fields at fault."""
    if not organisations_for(actor, Permission.LIEU_EDIT).filter(pk=organisation.pk).exists():
        raise LieuRefused(_("Vous ne pouvez plus créer de lieu dans cette organisation."))
    lieu = Lieu(organisation=organisation, **asdict(fields))
    save_checked(lieu)
    _record(lieu, "lieu_created", actor=actor, now=now)
    return lieu


@transaction.atomic
def update_lieu(
    *,
    lieu_id: int,
    fields: LieuFields,
    actor: Actor | None,
    now: datetime,
) -> Lieu:
    """Change a lieu; coordinates of another address are forgotten. Raises like `create_lieu`."""
    lieu = _lock(lieu_id, actor)
    before = {name: getattr(lieu, name) for name in asdict(fields)}
    known = fields.latitude is None and lieu.address == fields.address
    kept = (lieu.latitude, lieu.longitude) if known else (fields.latitude, fields.longitude)
    for name, value in asdict(fields).items():
        setattr(lieu, name, value)
    lieu.latitude, lieu.longitude = kept
    changed = [name for name, value in before.items() if getattr(lieu, name) != value]
    save_checked(lieu)
    if changed:
        _record(lieu, "lieu_edited", actor=actor, now=now, detail={"columns": changed})
    return lieu


@transaction.atomic
def set_lieu_open(
    *,
    lieu_id: int,
    is_open: bool,
    actor: Actor | None,
    now: datetime,
) -> Lieu:
    """Close or reopen a lieu. RDVs already taken there stay.

    Raises LieuRefused, or InvalidRow when another open lieu took the name.
    """
    lieu = _lock(lieu_id, actor)
    wanted = Availability.OPEN if is_open else Availability.CLOSED
    if lieu.availability != wanted:
        lieu.availability = wanted
        save_checked(lieu)
        _record(lieu, "lieu_reopened" if is_open else "lieu_closed", actor=actor, now=now)
    return lieu


@transaction.atomic
def delete_lieu(
    *,
    lieu_id: int,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Delete a lieu that no plage and no RDV ever held. Raises LieuRefused."""
    lieu = _lock(lieu_id, actor)
    if is_used(lieu):
        raise LieuRefused(
            _("Ce lieu a servi à des plages ou à des RDV : fermez-le au lieu de le supprimer.")
        )
    _record(lieu, "lieu_deleted", actor=actor, now=now, detail={"name": lieu.name})
    lieu.delete()


def _record(
    lieu: Lieu,
    action: str,
    *,
    actor: Actor | None,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    record_change(
        action=action,
        object_kind="lieu",
        object_uuid=lieu.uuid,
        organisation_id=lieu.organisation_id,
        actor=actor,
        now=now,
        detail=detail,
    )


def _lock(lieu_id: int, actor: Actor | None) -> Lieu:
    # A one-off lieu belongs to its RDV: it is never edited here.
    rows = lieux_for(actor, Permission.LIEU_EDIT).exclude(availability=Availability.SINGLE_USE)
    lieu = rows.select_for_update(of=("self",)).filter(pk=lieu_id).first()
    if lieu is None:
        raise LieuRefused(_("Ce lieu n’existe plus, ou vous ne pouvez plus le modifier."))
    return lieu
