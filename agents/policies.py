"""Which agents, organisations and territoires an actor may touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from agents.models import (
    Agent,
    AgentService,
    Equipe,
    Invitation,
    InvitationRole,
    Organisation,
    RoleOrganisation,
    Sector,
    Territoire,
)
from agents.permissions import AgentActor, Permission, Reach

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agents.permissions import Actor

# A condition that no row meets: `Q(pk__in=[])` is known to the planner, and to Django.
NOTHING = Q(pk__in=())


def organisations_scope(actor: Actor | None, permission: Permission) -> Q:
    """Return the organisations in which `actor` holds `permission`, however short its reach."""
    if not isinstance(actor, AgentActor):
        return NOTHING
    return Q(pk__in=actor.organisations_with(permission, Reach.OWN)) | Q(
        territoire__in=actor.territoires_with(permission)
    )


def organisations_for(actor: Actor | None, permission: Permission) -> QuerySet[Organisation]:
    return Organisation.objects.filter(organisations_scope(actor, permission), archived_at=None)


def territoires_for(actor: Actor | None, permission: Permission) -> QuerySet[Territoire]:
    if not isinstance(actor, AgentActor):
        return Territoire.objects.none()
    return Territoire.objects.filter(pk__in=actor.territoires_with(permission))


def equipes_for(actor: Actor | None, permission: Permission) -> QuerySet[Equipe]:
    """Return the équipes: the territoire's own rows, managed by whoever holds its right."""
    return Equipe.objects.filter(territoire__in=territoires_for(actor, permission))


def agents_scope(actor: Actor | None, permission: Permission, key: str = "pk") -> Q:
    """Return the condition on an agent whose primary key is the column `key` of the outer row.

    OWN: oneself. SERVICE: who shares a service with me and has a role where I have mine.
    ORGANISATION, TERRITOIRE: who has a role there.
    """
    if not isinstance(actor, AgentActor):
        return NOTHING
    scope = Q(**{key: actor.agent_id}) if actor.organisations_with(permission, Reach.OWN) else Q()
    if not scope:
        scope = NOTHING
    whole = actor.organisations_with(permission, Reach.ORGANISATION)
    territoires = actor.territoires_with(permission)
    roles = RoleOrganisation.objects.filter(agent=OuterRef(key))
    if whole:
        scope |= Q(Exists(roles.filter(organisation__in=whole)))
    if territoires:
        scope |= Q(Exists(roles.filter(organisation__territoire__in=territoires)))
    for territoire, shared in shared_organisations(actor, permission).items():
        scope |= Q(Exists(roles.filter(organisation__in=shared))) & Q(
            Exists(colleagues(actor, territoire, key))
        )
    return scope


def shared_organisations(actor: AgentActor, permission: Permission) -> dict[int, list[int]]:
    """Return, by territoire, the organisations where `permission` reaches one's services only."""
    whole = actor.organisations_with(permission, Reach.ORGANISATION)
    shared: dict[int, list[int]] = {}
    for organisation in sorted(actor.organisations_with(permission, Reach.SERVICE) - whole):
        territoire = actor.organisation_territoires[organisation]
        if actor.services.get(territoire):
            shared.setdefault(territoire, []).append(organisation)
    return shared


def colleagues(actor: AgentActor, territoire: int, key: str) -> QuerySet[AgentService]:
    """Return the services that the outer row's agent (column `key`) shares with `actor`."""
    return AgentService.objects.filter(
        agent=OuterRef(key), territoire=territoire, service__in=actor.services[territoire]
    )


def agents_for(actor: Actor | None, permission: Permission) -> QuerySet[Agent]:
    return Agent.objects.active().filter(agents_scope(actor, permission))


def agents_of_territoires_for(actor: Actor | None, permission: Permission) -> QuerySet[Agent]:
    """Return the agents of the territoires where a right on the whole grants `permission`.

    Oneself too: an admin of a territoire may hold no role in any organisation.
    """
    if not isinstance(actor, AgentActor) or not actor.territoires_with(permission):
        return Agent.objects.none()
    return Agent.objects.active().filter(agents_scope(actor, permission) | Q(pk=actor.agent_id))


def colleagues_in(
    actor: Actor | None, permission: Permission, organisation: Organisation
) -> QuerySet[Agent]:
    """Return the agents of one organisation whom `actor` may touch with `permission`.

    Not the same as `agents_for`: a colleague known through another organisation has no place here.
    """
    return agents_for(actor, permission).filter(
        Exists(RoleOrganisation.objects.filter(agent=OuterRef("pk"), organisation=organisation))
    )


def organisations_of_territoires_for(
    actor: Actor | None, permission: Permission
) -> QuerySet[Organisation]:
    """Return the organisations of the territoires where a right on the whole grants `permission`.

    The archived ones too: for « Espace admin », which brings them back.
    """
    if not isinstance(actor, AgentActor):
        return Organisation.objects.none()
    return Organisation.objects.filter(territoire__in=actor.territoires_with(permission))


def invitations_in(
    actor: Actor | None, permission: Permission, organisation: Organisation
) -> QuerySet[Invitation]:
    """Return the pending invitations to one organisation, if `actor` holds `permission` there."""
    allowed = organisations_for(actor, permission).filter(pk=organisation.pk)
    waiting = InvitationRole.objects.filter(
        invitation=OuterRef("pk"), organisation__in=allowed.values("pk")
    )
    given = RoleOrganisation.objects.filter(
        agent=OuterRef("agent"), organisation__in=allowed.values("pk")
    )
    return (
        Invitation.objects.pending()
        .filter(territoire=organisation.territoire_id)
        .filter(Exists(waiting) | Q(Exists(given), joins_by_accepting=False))
    )


def staff_of_territoire_for(
    actor: Actor | None, permission: Permission, territoire: Territoire
) -> QuerySet[Agent]:
    """Return the active agents of a territoire on the whole of which `actor` holds `permission`.

    Those with a right on the territoire and no role in it are among them.
    """
    allowed = territoires_for(actor, permission).filter(pk=territoire.pk).values("pk")
    roles = RoleOrganisation.objects.filter(
        agent=OuterRef("pk"),
        organisation__territoire__in=allowed,
        organisation__archived_at=None,
    )
    return (
        Agent.objects.active().filter(Exists(roles) | Q(droits__territoire__in=allowed)).distinct()
    )


def sectors_for(actor: Actor | None, permission: Permission) -> QuerySet[Sector]:
    """Return the sectors of the territoires on the whole of which `actor` holds `permission`."""
    return Sector.objects.filter(territoire__in=territoires_for(actor, permission))
