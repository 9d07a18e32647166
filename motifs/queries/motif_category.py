"""The categories of motifs of a territoire (G05)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Q

from agents.permissions import Permission
from motifs.policies import motif_categories_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agents.models import Territoire
    from agents.permissions import Actor
    from motifs.models import MotifCategory


def categories_of(actor: Actor | None, territoire: Territoire) -> QuerySet[MotifCategory]:
    """Return them with `motif_count`, archived motifs apart; one statement."""
    rows = motif_categories_for(actor, Permission.TERRITOIRE_EDIT).filter(territoire=territoire)
    return rows.annotate(motif_count=Count("motifs", filter=Q(motifs__archived_at=None)))
