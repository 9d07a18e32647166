"""A relative whom somebody books for: added and edited on the spot (A07)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import AgentActor, Permission
from agents.services.audit_write import record_change
from rdv.common.errors import DomainError
from rdv.common.saving import save_checked
from rdv.common.text_keys import letters
from usagers.models import Origin, Rattachement, Usager
from usagers.policies import usagers_for

if TYPE_CHECKING:
    from datetime import date, datetime

    from agents.permissions import Actor

MOST = 20
"""Relatives of one person: beyond, somebody is filling the table."""


class ProcheRefused(DomainError):  # noqa: N818 - refusals are named for what is refused
    """That relative cannot be written: the message says why."""


@dataclass(frozen=True)
class ProcheFields:
    first_name: str
    last_name: str
    birth_date: date | None = None
    birth_name: str = ""


@transaction.atomic
def save_proche(
    *,
    responsable: Usager,
    fields: ProcheFields,
    actor: Actor | None,
    now: datetime,
    proche: Usager | None = None,
) -> Usager:
    """Write a relative of `responsable`: a new one, or `proche` edited.

    A new one is known by the organisations of the responsable. The same person typed twice is the
    one who is there already. Raises ProcheRefused, or InvalidRow with the fields at fault.
    """
    holder = _lock(responsable, actor)
    if proche is not None:
        row = _edit(holder, proche, fields)
        _record(row, "usager_edited", actor, now)
        return row
    family = list(holder.proches.living().order_by("pk"))
    known = next((row for row in family if _is_same(row, fields)), None)
    if known is not None:
        return known
    if len(family) >= MOST:
        raise ProcheRefused(_("Vous avez déjà ajouté beaucoup de proches. Contactez le service."))
    row = Usager(
        territoire_id=holder.territoire_id,
        responsable=holder,
        origin=Origin.AGENT if isinstance(actor, AgentActor) else Origin.PROCHE,
        language=holder.language,
    )
    _write(row, fields)
    organisations = holder.rattachements.order_by("organisation").values_list(
        "organisation", flat=True
    )
    Rattachement.objects.bulk_create(
        [Rattachement(usager=row, organisation_id=pk) for pk in organisations],
        ignore_conflicts=True,
    )
    _record(row, "usager_created", actor, now)
    return row


def _record(row: Usager, action: str, actor: Actor | None, now: datetime) -> None:
    record_change(
        action=action,
        object_kind="usager",
        object_uuid=row.uuid,
        organisation_id=None,
        territoire_id=row.territoire_id,
        actor=actor,
        now=now,
    )


def _lock(responsable: Usager, actor: Actor | None) -> Usager:
    """Hold the fiche: two clicks add one relative. A relative has none of their own."""
    rows = usagers_for(actor, Permission.USAGER_EDIT).select_for_update(of=("self",), no_key=True)
    holder = rows.filter(pk=responsable.pk, responsable=None).first()
    if holder is None:
        raise ProcheRefused(_("Vous ne pouvez pas ajouter de proche à cette personne."))
    return holder


def _edit(holder: Usager, proche: Usager, fields: ProcheFields) -> Usager:
    rows = holder.proches.living().select_for_update(of=("self",), no_key=True)
    row: Usager | None = rows.filter(pk=proche.pk).first()
    if row is None:
        raise ProcheRefused(_("Cette personne n’est plus parmi vos proches."))
    _write(row, fields)
    return row


def _write(row: Usager, fields: ProcheFields) -> None:
    row.first_name = fields.first_name.strip()
    row.last_name = fields.last_name.strip()
    row.birth_date = fields.birth_date
    if fields.birth_name or row.pk is None:
        row.birth_name = fields.birth_name.strip()
    save_checked(row, without=["phone_number"])


def _is_same(row: Usager, fields: ProcheFields) -> bool:
    if letters(row.first_name) != letters(fields.first_name):
        return False
    if letters(row.last_name) != letters(fields.last_name):
        return False
    return row.birth_date == fields.birth_date or None in (row.birth_date, fields.birth_date)
