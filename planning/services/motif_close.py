"""Archive a motif once somebody has said what becomes of its RDVs to come (G07, G13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from motifs.services.motif_archive import archive_motif
from planning.queries.closing import coming_rdvs
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor
    from motifs.models import Motif


class ClosingUnasked(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """A RDV has come since nobody was asked: the page that asks is shown again."""


@transaction.atomic
def close_motif(*, motif_id: int, is_asked: bool, actor: Actor | None, now: datetime) -> Motif:
    """Archive it. `is_asked`: what becomes of its RDVs was said.

    Raises ClosingUnasked when it was not and there are some, MotifRefused.
    """
    motif = archive_motif(motif_id=motif_id, actor=actor, now=now)
    # The motif is held: bookings that were under way are over, and seen here.
    if not is_asked and coming_rdvs(now=now, motif=motif).exists():
        raise ClosingUnasked(unasked_message())
    return motif


def unasked_message() -> str:
    return _("Un RDV vient d’être pris : dites ce qu’il devient.")
