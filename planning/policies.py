"""Which RDVs, plages and indisponibilités an actor may touch (decisions 8 and 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from agents.permissions import AgentActor, Permission, Reach, TokenActor, UsagerActor
from agents.policies import (
    NOTHING,
    agents_scope,
    colleagues,
    organisations_for,
    shared_organisations,
)
from motifs.models import Visibility
from motifs.policies import in_services_scope
from planning.models import (
    AgentRdv,
    Export,
    Indisponibilite,
    Participation,
    PlageOuverture,
    Rdv,
    RdvBulk,
    RdvDraft,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agents.models import Organisation
    from agents.permissions import Actor
    from planning.models import ExportQuerySet, RdvQuerySet

# What a citizen may do with their own RDVs; rules say when.
_USAGER_PERMISSIONS = (Permission.RDV_READ, Permission.RDV_CANCEL, Permission.RDV_EDIT)


def rdvs_scope(actor: Actor | None, permission: Permission) -> Q:
    """Return the condition on a Rdv.

    An agent: RDVs that bear their name in their organisations, those of a motif of their services
    there, the whole organisation or territoire as granted. A citizen: those of their family whose
    motif is not invisible. A link: its own RDV.
    """
    if isinstance(actor, AgentActor):
        return _agent_scope(actor, permission)
    if isinstance(actor, UsagerActor) and permission in _USAGER_PERMISSIONS:
        return _people_scope(usager__in=actor.family_ids)
    if isinstance(actor, TokenActor) and permission in _USAGER_PERMISSIONS:
        return _people_scope(pk=actor.participation_id)
    return NOTHING


def _agent_scope(actor: AgentActor, permission: Permission) -> Q:
    scope = in_services_scope(
        actor, permission, organisation="organisation", service="motif__service"
    )
    mine = AgentRdv.objects.filter(rdv=OuterRef("pk"), agent=actor.agent_id)
    named_reach = actor.organisations_with(permission, Reach.OWN)
    # Deleting is the admin's even for one's own RDV: no grant, no reach, no row.
    return scope | (Q(organisation__in=named_reach) & Q(Exists(mine)))


def _people_scope(**participation: object) -> Q:
    own = Participation.objects.filter(rdv=OuterRef("pk"), **participation)
    return Q(Exists(own)) & ~Q(motif__visibility=Visibility.INVISIBLE)


def rdvs_for(actor: Actor | None, permission: Permission) -> RdvQuerySet:
    return Rdv.objects.kept().filter(rdvs_scope(actor, permission))


def plages_scope(actor: Actor | None, permission: Permission) -> Q:
    """Return the condition on a PlageOuverture: its organisation counts, and its agent's services.

    Own ones; those of colleagues who share a service where both work; the whole organisation or
    territoire as granted.
    """
    if not isinstance(actor, AgentActor):
        return NOTHING
    whole = actor.organisations_with(permission, Reach.ORGANISATION)
    scope = Q(organisation__in=whole) | Q(
        organisation__territoire__in=actor.territoires_with(permission)
    )
    scope |= Q(
        agent=actor.agent_id, organisation__in=actor.organisations_with(permission, Reach.OWN)
    )
    for territoire, shared in shared_organisations(actor, permission).items():
        scope |= Q(organisation__in=shared) & Q(Exists(colleagues(actor, territoire, "agent")))
    return scope


def plages_for(actor: Actor | None, permission: Permission) -> QuerySet[PlageOuverture]:
    return PlageOuverture.objects.filter(
        plages_scope(actor, permission), organisation__archived_at=None
    )


def indisponibilites_for(actor: Actor | None, permission: Permission) -> QuerySet[Indisponibilite]:
    """An indisponibilité has no organisation: whoever may touch the agent may touch it."""
    return Indisponibilite.objects.filter(agents_scope(actor, permission, key="agent"))


def prescriptions_of(actor: Actor | None, organisation: Organisation) -> QuerySet[Participation]:
    """Return what `actor` booked elsewhere from `organisation` (B04), cancelled ones included.

    That they booked it, for whom, when and where: the RDV itself is the other organisation's.
    """
    allowed = organisations_for(actor, Permission.RDV_PRESCRIBE).filter(pk=organisation.pk)
    if not isinstance(actor, AgentActor) or not allowed.exists():
        return Participation.objects.none()
    return Participation.objects.filter(
        created_by_agent=actor.agent_id,
        prescribed_from=organisation,
        rdv__hidden_at=None,
        usager__anonymised_at=None,
    )


def rdv_drafts_for(actor: Actor | None, permission: Permission) -> QuerySet[RdvDraft]:
    """Return the RDVs that `actor` prepares: nobody reads those of somebody else, admin or not."""
    if not isinstance(actor, AgentActor):
        return RdvDraft.objects.none()
    organisations = organisations_for(actor, permission)
    return RdvDraft.objects.filter(agent=actor.agent_id, organisation__in=organisations)


def rdv_bulks_for(actor: Actor | None, permission: Permission) -> QuerySet[RdvBulk]:
    """Return the actions on many RDVs that `actor` asked for: their author alone reads them."""
    if not isinstance(actor, AgentActor):
        return RdvBulk.objects.none()
    organisations = organisations_for(actor, permission)
    return RdvBulk.objects.filter(agent=actor.agent_id, organisation__in=organisations)


def own_exports(actor: Actor | None) -> ExportQuerySet:
    """Return the exports that `actor` asked for, whatever became of their rights since."""
    if not isinstance(actor, AgentActor):
        return Export.objects.none()
    return Export.objects.filter(agent=actor.agent_id)


def exports_for(actor: Actor | None, permission: Permission) -> ExportQuerySet:
    """Return the exports that `actor` asked for, where they still hold the permission."""
    organisations = organisations_for(actor, permission)
    return own_exports(actor).filter(organisation__in=organisations)
