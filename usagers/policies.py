"""Which fiches an actor may touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from agents.permissions import AgentActor, Permission, Reach, UsagerActor
from agents.policies import NOTHING
from usagers.models import Rattachement, Usager

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agents.permissions import Actor


def usagers_scope(actor: Actor | None, permission: Permission) -> Q:
    """Return the condition: fiches known by one's organisations, or one's own family's."""
    if isinstance(actor, UsagerActor):
        if permission in (Permission.USAGER_READ, Permission.USAGER_EDIT):
            return Q(pk__in=actor.family_ids)
        return NOTHING
    if not isinstance(actor, AgentActor):
        return NOTHING
    known = Rattachement.objects.filter(
        usager=OuterRef("pk"),
        organisation__in=actor.organisations_with(permission, Reach.ORGANISATION),
    )
    return Q(Exists(known)) | Q(territoire__in=actor.territoires_with(permission))


def usagers_for(actor: Actor | None, permission: Permission) -> QuerySet[Usager]:
    return Usager.objects.living().filter(usagers_scope(actor, permission))
