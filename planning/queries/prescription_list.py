"""What an agent booked in other organisations, the latest RDV first (B04)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning.policies import prescriptions_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agents.models import Organisation
    from agents.permissions import Actor
    from planning.models import Participation


def prescription_rows(actor: Actor | None, organisation: Organisation) -> QuerySet[Participation]:
    rows = prescriptions_of(actor, organisation)
    return rows.select_related("usager", "rdv__motif", "rdv__lieu", "rdv__organisation").order_by(
        "-rdv__starts_at", "-pk"
    )
