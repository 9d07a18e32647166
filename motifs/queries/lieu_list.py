"""Lieux of an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from agents.permissions import Permission
from motifs.models import Availability, Lieu
from motifs.policies import lieux_for
from motifs.queries.motif_list import current_plage

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from agents.models import Organisation
    from agents.permissions import Actor


def lieux_of(actor: Actor | None, organisation: Organisation, *, today: date) -> QuerySet[Lieu]:
    """Return the lieux, open ones first, one-off ones apart, with `is_used` and `plage_count`."""
    rows = lieux_for(actor, Permission.LIEU_READ).filter(organisation=organisation)
    rows = rows.exclude(availability=Availability.SINGLE_USE)
    return rows.annotate(
        plage_count=Count("plages", filter=current_plage(today), distinct=True),
        is_used=_is_used(),
    ).order_by("-availability", "name", "pk")


def _is_used() -> Q:
    # Through the names of the relations: motifs is below planning and does not know its tables.
    same = Lieu.objects.filter(pk=OuterRef("pk"))
    return Q(Exists(same.filter(plages__isnull=False))) | Q(Exists(same.filter(rdvs__isnull=False)))


def is_used(lieu: Lieu) -> bool:
    """Return whether a plage or a RDV, past ones included, holds this lieu."""
    return lieu.plages.exists() or lieu.rdvs.exists()


def coming_rdvs_at(lieu: Lieu, now: datetime) -> int:
    """Return how many RDVs are still to come there, cancelled ones apart."""
    return lieu.rdvs.filter(starts_at__gt=now, hidden_at=None, cancelled_at=None).count()


def current_plages_at(lieu: Lieu, today: date) -> int:
    return lieu.plages.filter(current_plage(today, prefix="")).count()
