"""Archive a motif: nobody can choose it any more, its RDVs stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from motifs.services.motif_edit import lock_motif

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor
    from motifs.models import Motif


@transaction.atomic
def archive_motif(*, motif_id: int, actor: Actor | None, now: datetime) -> Motif:
    """Archive and return the motif. Raises MotifRefused, also when it is archived already."""
    motif = lock_motif(motif_id, actor)
    motif.archived_at = now
    motif.save(update_fields=["archived_at"])
    return motif
