"""Whose RDVs a page of statistics counts, and by what it may be filtered (E09, decision 8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from agents.models import Organisation, Service
from agents.permissions import AgentActor, Permission, Reach
from motifs.models import Motif
from planning.queries.rdv_filter_choices import filter_choices
from planning.queries.stats import StatsScope

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from agents.models import Agent, Territoire
    from agents.permissions import Actor
    from motifs.models import Lieu


@dataclass(frozen=True)
class StatsChoices:
    """What a page may be filtered by; None: not by this."""

    motifs: QuerySet[Motif] | None = None
    services: QuerySet[Service] | None = None
    agents: QuerySet[Agent] | None = None
    lieux: QuerySet[Lieu] | None = None
    organisations: QuerySet[Organisation] | None = None


def organisation_scope(actor: AgentActor, organisation: Organisation) -> StatsScope:
    """Return the RDVs that `actor` sees in an organisation whose statistics they may read.

    They are those of `planning.policies.rdvs_for`; a test compares.
    """
    if organisation.pk in actor.organisations_with(
        Permission.STATS_READ, Reach.ORGANISATION
    ) or organisation.territoire_id in actor.territoires_with(Permission.STATS_READ):
        return StatsScope((organisation.pk,))
    motifs = Motif.objects.filter(
        organisation=organisation, service__in=actor.services_in(organisation.pk)
    )
    return StatsScope(
        (organisation.pk,),
        own=actor.agent_id,
        motif_ids=frozenset(motifs.values_list("pk", flat=True)),
    )


def own_scope(actor: AgentActor) -> StatsScope:
    """Return the RDVs that bear one's name, in every organisation where one may see them."""
    known = Q(pk__in=actor.organisations_with(Permission.STATS_READ, Reach.OWN)) | Q(
        territoire__in=actor.territoires_with(Permission.STATS_READ)
    )
    keys = Organisation.objects.filter(known).order_by("pk").values_list("pk", flat=True)
    return StatsScope(tuple(keys), own=actor.agent_id)


def territoire_scope(territoire: Territoire) -> StatsScope:
    """Return all RDVs of a territoire, those of archived organisations too."""
    keys = territoire.organisations.order_by("pk").values_list("pk", flat=True)
    return StatsScope(tuple(keys))


def organisation_choices(actor: Actor | None, organisation: Organisation) -> StatsChoices:
    offered = filter_choices(actor, organisation)
    services = Service.objects.filter(motifs__in=offered.motifs.order_by()).distinct()
    return StatsChoices(
        motifs=offered.motifs, services=services, agents=offered.agents, lieux=offered.lieux
    )


def own_choices(scope: StatsScope) -> StatsChoices:
    """Return the organisations and services of one's RDVs."""
    rows = Organisation.objects.filter(pk__in=scope.organisation_ids).order_by("name", "pk")
    return StatsChoices(organisations=rows, services=_services(scope.organisation_ids))


def territoire_choices(territoire: Territoire, scope: StatsScope) -> StatsChoices:
    rows = territoire.organisations.order_by("name", "pk")
    return StatsChoices(organisations=rows, services=_services(scope.organisation_ids))


def motifs_of_service(service: Service, scope: StatsScope) -> frozenset[int]:
    rows = Motif.objects.filter(service=service, organisation__in=scope.organisation_ids)
    return frozenset(rows.values_list("pk", flat=True))


def motif_uuids(keys: frozenset[int]) -> tuple[UUID, ...]:
    rows = Motif.objects.filter(pk__in=keys).order_by("pk")
    return tuple(rows.values_list("uuid", flat=True))


def _services(organisation_ids: Iterable[int]) -> QuerySet[Service]:
    return Service.objects.filter(motifs__organisation__in=organisation_ids).distinct()
