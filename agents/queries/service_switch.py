"""Which services a territoire has, and who needs them (G05)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from agents.models import Agent, Organisation, Service, TerritoireService

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agents.models import Territoire


@dataclass(frozen=True)
class ServiceUse:
    """Names of those who need a service, the first ones, and how many there are."""

    agents: list[str]
    motifs: list[str]
    total: int


NAMED = 10


def services_of(territoire: Territoire) -> QuerySet[Service]:
    """Return every service of the preset list with `is_active`, `agent_count`, `motif_count`.

    One statement. Those of agents who left, and archived motifs, do not count.
    """
    active = TerritoireService.objects.filter(service=OuterRef("pk"), territoire=territoire)
    agents = Q(agent_services__territoire=territoire, agent_services__agent__deactivated_at=None)
    motifs = Q(motifs__organisation__territoire=territoire, motifs__archived_at=None)
    return Service.objects.annotate(
        is_active=Exists(active),
        agent_count=_count("agent_services", agents),
        motif_count=_count("motifs", motifs),
    ).order_by("-is_active", "name", "pk")


def _count(relation: str, condition: Q) -> Subquery:
    """Apart from the other counts: joined together, they would multiply each other."""
    own = Service.objects.filter(pk=OuterRef("pk")).order_by()
    return Subquery(own.annotate(n=Count(relation, filter=condition)).values("n"))


def use_of(territoire: Territoire, service: Service) -> ServiceUse:
    """Return who would be left without their service: active agents, motifs not archived."""
    agents = Agent.objects.active().filter(
        agent_services__service=service, agent_services__territoire=territoire
    )
    motifs = (
        Organisation.objects.filter(
            territoire=territoire, motifs__service=service, motifs__archived_at=None
        )
        .order_by("motifs__name", "name")
        .values_list("motifs__name", "name")
    )
    return ServiceUse(
        agents=[agent.full_name for agent in agents.select_related("account")[:NAMED]],
        motifs=[f"{name} ({place})" for name, place in motifs[:NAMED]],
        total=agents.count() + motifs.count(),
    )
