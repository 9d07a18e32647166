"""An agent changes a fiche (F02): what the person owns stays theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from agents.services.audit_write import record_change
from usagers.models import Rattachement, Usager
from usagers.policies import fiches_of
from usagers.rules.fiche_fields import CERTIFIED, columns_hidden
from usagers.services.address_changed import tell_former_addresses
from usagers.services.usager_fields import (
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

OWN = ("email", "notifies_by_email", "notifies_by_sms")


class FicheChanged(UsagerRefused):
    """Somebody saved the fiche since the page was opened."""


@transaction.atomic
def update_usager(
    *,
    usager_id: int,
    organisation: Organisation,
    fields: NewUsager,
    seen: str,
    actor: Actor | None,
    now: datetime,
) -> Usager:
    """Write what was typed; columns that the territoire does not show keep their value.

    `seen` is `version_of` the fiche when the page was opened. An account's e-mail and preferences,
    a certified identity, are never changed by an agent: what differs is refused. Raises
    UsagerRefused, FicheChanged, EmailTaken, InvalidRow.
    """
    usager = lock_fiche(usager_id, organisation, actor)
    if seen != version_of(usager):
        raise FicheChanged(_("Cette fiche a changé depuis. Relisez, puis enregistrez de nouveau."))
    refuse_hidden(fields, organisation)
    hidden, former = columns_hidden(organisation.territoire.usager_fields), usager.email
    changed = fill(usager, fields, without=hidden)
    _refuse_what_is_theirs(usager, changed)
    save_fiche(usager, actor=actor, organisation=organisation, now=now)
    if "notes" not in hidden and _write_notes(usager, organisation, fields.notes.strip()):
        changed.append("notes")
    tell_former_addresses(
        [former], fiches=[usager], subject_key=str(usager.uuid), organisation=organisation, now=now
    )
    if changed:
        record_change(
            action="usager_edited",
            object_kind="usager",
            object_uuid=usager.uuid,
            organisation_id=organisation.pk,
            actor=actor,
            now=now,
            detail={"columns": sorted(changed)},
        )
    return usager


def _write_notes(usager: Usager, organisation: Organisation, notes: str) -> bool:
    """Return whether they changed; those of a fiche that is not known there cannot be."""
    rows = Rattachement.objects.filter(usager=usager, organisation=organisation)
    return bool(rows.exclude(notes=notes).update(notes=notes))


def version_of(usager: Usager) -> str:
    """Return what changes each time the fiche is saved."""
    return usager.updated_at.isoformat()


def lock_fiche(usager_id: int, organisation: Organisation, actor: Actor | None) -> Usager:
    """Hold a fiche that `actor` may change from `organisation`. Raises UsagerRefused."""
    rows = fiches_of(actor, Permission.USAGER_EDIT, organisation)
    usager: Usager | None = (
        rows.filter(pk=usager_id).select_for_update(of=("self",), no_key=True).first()
    )
    if usager is None:
        raise UsagerRefused(_("Cette fiche n’existe plus, ou vous ne pouvez plus la modifier."))
    return usager


def _refuse_what_is_theirs(usager: Usager, changed: list[str]) -> None:
    if usager.account_id is not None and set(changed) & set(OWN):
        raise UsagerRefused(
            _(
                "Cette personne a un compte : elle seule change son adresse e-mail et ses choix "
                "de notification, dans son espace."
            )
        )
    if usager.identity_certified_at is not None and set(changed) & set(CERTIFIED):
        raise UsagerRefused(_("L’identité certifiée par FranceConnect ne se modifie pas."))
