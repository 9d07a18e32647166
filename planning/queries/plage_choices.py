"""What an agent may put in a plage d'ouverture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from agents.models import AgentService, Service
from agents.permissions import AgentActor, Permission, Reach
from motifs.models import Availability
from motifs.policies import lieux_for, motifs_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agents.models import Agent, Organisation
    from agents.permissions import Actor
    from motifs.models import Lieu, Motif
    from planning.models import PlageOuverture


def motifs_for_plage(
    actor: Actor | None,
    *,
    organisation: Organisation,
    agent: Agent,
    plage: PlageOuverture | None = None,
) -> QuerySet[Motif]:
    """Return the individual, active motifs that `actor` may open in a plage of `agent`.

    An admin: all of the organisation. Others: those that they may open, within the services of
    `agent` (planning §14). Those already in `plage` stay: saving must not drop them in silence.
    """
    mine = motifs_for(actor, Permission.MOTIF_OPEN)
    if not _opens_everything(actor, organisation):
        mine = mine.filter(_fits_agent(agent, organisation))
    scope = Q(pk__in=mine.values("pk"))
    if plage is not None:
        scope |= Q(plage_motifs__plage=plage)
    return (
        organisation.motifs.active()
        .filter(scope, is_collective=False)
        .select_related("service")
        .order_by("service__name", "name", "pk")
        .distinct()
    )


def lieux_for_plage(actor: Actor | None, organisation: Organisation) -> QuerySet[Lieu]:
    return lieux_for(actor, Permission.LIEU_READ).filter(
        organisation=organisation, availability=Availability.OPEN
    )


def _opens_everything(actor: Actor | None, organisation: Organisation) -> bool:
    if not isinstance(actor, AgentActor):
        return False
    return organisation.pk in actor.organisations_with(
        Permission.MOTIF_OPEN, Reach.ORGANISATION
    ) or organisation.territoire_id in actor.territoires_with(Permission.MOTIF_OPEN)


def _fits_agent(agent: Agent, organisation: Organisation) -> Q:
    rows = AgentService.objects.filter(agent=agent, territoire=organisation.territoire_id)
    services = dict(rows.values_list("service_id", "service__code"))
    scope = Q(service__in=list(services))
    if Service.SECRETARIAT in services.values():
        scope |= Q(for_secretariat=True)
    return scope
