"""Which fiches an actor may touch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from agents.permissions import AgentActor, Permission, Reach, UsagerActor
from agents.policies import NOTHING, organisations_for
from usagers.models import Rattachement, Usager, UsagerImport

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agents.models import Organisation
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


def usagers_bookable(actor: Actor | None, organisation: Organisation) -> QuerySet[Any]:
    """Return the fiches for which `actor` may book in `organisation`, with `is_known` there.

    Those that the organisation knows; the whole territoire's when its switch allows (decision 13).
    A fiche that is not known must be shown masked (usagers.queries.usager_search).
    """
    known = Rattachement.objects.filter(usager=OuterRef("pk"), organisation=organisation)
    rows = (
        Usager.objects.living()
        .filter(territoire=organisation.territoire_id)
        .annotate(is_known=Exists(known))
    )
    if not organisations_for(actor, Permission.RDV_CREATE).filter(pk=organisation.pk).exists():
        return rows.none()
    if organisation.territoire.searches_across_organisations:
        return rows
    return rows.filter(is_known=True)


def own_imports(actor: Actor | None) -> QuerySet[UsagerImport]:
    """Return the files that `actor` sent, where they may still import (G14)."""
    if not isinstance(actor, AgentActor):
        return UsagerImport.objects.none()
    places = organisations_for(actor, Permission.USAGER_IMPORT)
    return UsagerImport.objects.filter(agent=actor.agent_id, organisation__in=places)


def fiches_of(
    actor: Actor | None, permission: Permission, organisation: Organisation
) -> QuerySet[Any]:
    """Return the fiches that `actor` opens from the pages of `organisation`, with `is_known` there.

    Those that it knows; the territoire's for its admin (decision 12: each look is audited). Never
    what another organisation alone knows, even of an agent who works there too: their notes are its
    own.
    """
    known = Rattachement.objects.filter(usager=OuterRef("pk"), organisation=organisation)
    rows = (
        usagers_for(actor, permission)
        .filter(territoire=organisation.territoire_id)
        .annotate(is_known=Exists(known))
    )
    if isinstance(actor, AgentActor) and organisation.territoire_id in actor.territoires_with(
        permission
    ):
        return rows
    if not organisations_for(actor, permission).filter(pk=organisation.pk).exists():
        return rows.none()
    return rows.filter(is_known=True)


def may_import(actor: Actor | None, organisation: Organisation) -> bool:
    """Say whether to show the link; no statement, the page decides again."""
    if not isinstance(actor, AgentActor):
        return False
    permission = Permission.USAGER_IMPORT
    return organisation.pk in actor.organisations_with(
        permission, Reach.ORGANISATION
    ) or organisation.territoire_id in actor.territoires_with(permission)
