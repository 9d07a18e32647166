"""Archive a motif: nobody can choose it any more, its RDVs stay. Or put it back in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Organisation
from agents.permissions import Permission
from motifs.models import Motif
from motifs.policies import motifs_for
from motifs.queries.motif_list import services_of_targets
from motifs.rules.edition import refusal_to_go_online
from motifs.services.motif_edit import MotifRefused, lock_motif, record_motif
from rdv.common.saving import save_checked

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor


@transaction.atomic
def archive_motif(*, motif_id: int, actor: Actor | None, now: datetime) -> Motif:
    """Archive and return the motif. Raises MotifRefused, also when it is archived already."""
    motif = lock_motif(motif_id, actor)
    motif.archived_at = now
    motif.save(update_fields=["archived_at"])
    record_motif(motif, "motif_archived", actor=actor, now=now)
    return motif


@transaction.atomic
def restore_motif(*, motif_id: int, actor: Actor | None, now: datetime) -> Motif:
    """Put an archived motif back in use, with the settings that it had.

    Raises MotifRefused: another motif took its name meanwhile, its service is no longer active,
    or it would be open online without a contact (G12).
    """
    rows = motifs_for(actor, Permission.MOTIF_EDIT).select_for_update(of=("self",))
    motif = rows.filter(pk=motif_id, archived_at__isnull=False).first()
    if motif is None:
        raise MotifRefused(_("Ce motif est déjà en service, ou vous ne pouvez plus le modifier."))
    organisation = Organisation.objects.select_for_update(no_key=True).get(pk=motif.organisation_id)
    motif.archived_at = None
    if not services_of_targets([organisation]).filter(pk=motif.service_id).exists():
        text = _("Le service de ce motif n’est plus actif dans le territoire : dupliquez le motif.")
        raise MotifRefused(text)
    refusal = refusal_to_go_online(
        is_open_online=motif.is_open_online,
        has_contact=bool(organisation.phone_number or organisation.email),
    )
    if refusal:
        raise MotifRefused(refusal)
    if _name_is_taken(motif):
        raise MotifRefused(
            _("Un motif en service porte déjà ce nom, pour le même service et le même type.")
        )
    save_checked(motif)
    record_motif(motif, "motif_restored", actor=actor, now=now)
    return motif


def _name_is_taken(motif: Motif) -> bool:
    same = Motif.objects.active().filter(
        organisation=motif.organisation_id,
        service=motif.service_id,
        location_type=motif.location_type,
        name=motif.name,
    )
    return same.exclude(pk=motif.pk).exists()
