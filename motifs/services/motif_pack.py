"""Create motifs out of the packs (G16). Nothing that exists is ever overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from agents.policies import organisations_for
from agents.services.audit_write import record_change
from motifs.models import BookingLevel, Motif
from motifs.queries.motif_pack import pack_lines
from motifs.services.motif_edit import MotifRefused
from rdv.common.saving import InvalidRow, save_checked

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from agents.models import Organisation
    from agents.permissions import Actor
    from motifs.queries.motif_pack import PackLine


@transaction.atomic
def take_pack(
    *, organisation_id: int, kind: str, keys: Collection[str], actor: Actor | None, now: datetime
) -> list[Motif]:
    """Create the motifs of the pack that `keys` names; those already there are left as they are.

    Raises MotifRefused, InvalidRow: also for a key that the pack does not offer.
    """
    rows = organisations_for(actor, Permission.MOTIF_EDIT).select_for_update(
        of=("self",), no_key=True
    )
    organisation = rows.filter(pk=organisation_id).first()
    if organisation is None:
        raise MotifRefused(_("Vous ne pouvez plus créer de motif dans cette organisation."))
    lines = {line.motif.key: line for line in pack_lines(organisation, kind)}
    wanted = [lines[key] for key in lines if key in keys]
    if len(wanted) != len(set(keys)) or any(line.is_missing for line in wanted):
        raise InvalidRow({"keys": [_("Un de ces motifs ne peut plus être créé. Rechargez.")]})
    made = add_motifs(organisation, [line for line in wanted if not line.is_there])
    record_change(
        action="motif_pack_taken",
        object_kind="organisation",
        object_uuid=organisation.uuid,
        organisation_id=organisation.pk,
        actor=actor,
        now=now,
        detail={"kind": kind, "motifs": [line.motif.key for line in wanted if not line.is_there]},
    )
    return made


def add_motifs(organisation: Organisation, lines: list[PackLine]) -> list[Motif]:
    """Insert the motifs of these lines, for agents only. Raises InvalidRow."""
    made = []
    for line in lines:
        ready = line.motif
        motif = Motif(
            organisation=organisation,
            service=line.service,
            name=ready.name,
            duration_minutes=ready.minutes,
            color=ready.color,
            location_type=ready.location,
            restriction=ready.restriction,
            instructions=ready.instructions,
            max_persons=ready.max_persons,
            is_collective=ready.is_collective,
            booking_level=BookingLevel.AGENTS,
        )
        save_checked(motif)
        made.append(motif)
    return made
