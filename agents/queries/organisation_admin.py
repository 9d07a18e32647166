"""The organisations of a territoire, as its admin sees them (G05)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, Subquery

from agents.models import Organisation
from agents.permissions import Permission
from agents.policies import organisations_of_territoires_for

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from agents.models import Territoire
    from agents.permissions import Actor
    from planning.models import Rdv

NAMED = 20


def organisations_in(actor: Actor | None, territoire: Territoire) -> QuerySet[Organisation]:
    """Return them with `agent_count`, `motif_count`, `lieu_count`, the archived ones last.

    One statement. Agents who left, archived motifs and closed lieux do not count.
    """
    rows = organisations_of_territoires_for(actor, Permission.ORGANISATION_EDIT)
    return (
        rows.filter(territoire=territoire)
        .annotate(
            agent_count=_count("roles", Q(roles__agent__deactivated_at=None)),
            motif_count=_count("motifs", Q(motifs__archived_at=None)),
            lieu_count=_count("lieux", Q(lieux__availability="open")),
        )
        .order_by("archived_at", "name", "pk")
    )


def _count(relation: str, condition: Q) -> Subquery:
    """Apart from the other counts: joined together, they would multiply each other."""
    own = Organisation.objects.filter(pk=OuterRef("pk")).order_by()
    return Subquery(own.annotate(n=Count(relation, filter=condition)).values("n"))


def coming_rdvs(organisation: Organisation, now: datetime) -> QuerySet[Rdv]:
    """Return what stands in its agendas after `now`, cancelled ones apart, in order of time."""
    rows = organisation.rdvs.filter(starts_at__gt=now, hidden_at=None, cancelled_at=None)
    return rows.select_related("motif", "lieu").order_by("starts_at", "pk")
