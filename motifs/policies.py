"""Which motifs and lieux an actor may touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from agents.permissions import AgentActor, Permission, Reach, Role
from agents.policies import NOTHING, shared_organisations
from motifs.models import Lieu, Motif

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agents.permissions import Actor


def in_services_scope(
    actor: AgentActor, permission: Permission, *, organisation: str, service: str
) -> Q:
    """Return the condition of the reach SERVICE and further.

    `organisation` and `service` name the columns of the row that hold these keys.
    """
    whole = actor.organisations_with(permission, Reach.ORGANISATION)
    scope = Q(**{f"{organisation}__in": whole}) | Q(
        **{f"{organisation}__territoire__in": actor.territoires_with(permission)}
    )
    for territoire, shared in shared_organisations(actor, permission).items():
        services = actor.services[territoire]
        scope |= Q(**{f"{organisation}__in": shared, f"{service}__in": services})
    return scope


def motifs_scope(actor: Actor | None, permission: Permission) -> Q:
    if not isinstance(actor, AgentActor):
        return NOTHING
    scope = in_services_scope(actor, permission, organisation="organisation", service="service")
    if permission is Permission.MOTIF_OPEN:
        # planning §14: a secretary also opens plages for the motifs marked for them.
        desks = [key for key, role in actor.roles.items() if role is Role.SECRETARIAT]
        scope |= Q(organisation__in=desks, for_secretariat=True)
    return scope


def motifs_for(actor: Actor | None, permission: Permission) -> QuerySet[Motif]:
    """Return the motifs, archived ones included: say `.active()` where they must not be."""
    return Motif.objects.filter(motifs_scope(actor, permission), organisation__archived_at=None)


def lieux_for(actor: Actor | None, permission: Permission) -> QuerySet[Lieu]:
    """Return the lieux, closed and one-off ones included."""
    if not isinstance(actor, AgentActor):
        return Lieu.objects.none()
    return Lieu.objects.filter(
        Q(organisation__in=actor.organisations_with(permission, Reach.ORGANISATION))
        | Q(organisation__territoire__in=actor.territoires_with(permission)),
        organisation__archived_at=None,
    )
