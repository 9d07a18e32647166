"""Which motifs and lieux an actor may touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from agents.permissions import AgentActor, Permission, Reach, Role
from agents.policies import NOTHING, organisations_for, shared_organisations, territoires_for
from motifs.models import (
    Availability,
    BookingLevel,
    Lieu,
    Motif,
    MotifBulkEdit,
    MotifCategory,
    Visibility,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agents.models import Organisation
    from agents.permissions import Actor

# What is open to who sends somebody, a partner or an agent of another organisation (B03).
PRESCRIBED = (BookingLevel.USAGERS, BookingLevel.PRESCRIPTEURS)


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


def motif_bulk_edits_for(actor: Actor | None, permission: Permission) -> QuerySet[MotifBulkEdit]:
    """Return one's own edits of several motifs, as long as one may do some."""
    if not isinstance(actor, AgentActor):
        return MotifBulkEdit.objects.none()
    reach = actor.organisations_with(permission, Reach.OWN) or actor.territoires_with(permission)
    rows = MotifBulkEdit.objects.filter(agent=actor.agent_id)
    return rows if reach else rows.none()


def lieux_for(actor: Actor | None, permission: Permission) -> QuerySet[Lieu]:
    """Return the lieux, closed and one-off ones included."""
    if not isinstance(actor, AgentActor):
        return Lieu.objects.none()
    return Lieu.objects.filter(
        Q(organisation__in=actor.organisations_with(permission, Reach.ORGANISATION))
        | Q(organisation__territoire__in=actor.territoires_with(permission)),
        organisation__archived_at=None,
    )


def editable_lieux_for(actor: Actor | None, permission: Permission) -> QuerySet[Lieu]:
    """Return the lieux with pages of their own: a one-off one belongs to its RDV."""
    rows = lieux_for(actor, permission).exclude(availability=Availability.SINGLE_USE)
    return rows.select_related("organisation__territoire")


def motifs_prescribable(actor: Actor | None, organisation: Organisation) -> QuerySet[Motif]:
    """Return the motifs of the other organisations where `actor` may send somebody (B04).

    Those of the territoire that are open to prescripteurs, for one person at a time, workshops
    included. Of their services only, where they see nothing more in `organisation`.
    """
    permission = Permission.RDV_PRESCRIBE
    allowed = organisations_for(actor, permission).filter(pk=organisation.pk).exists()
    if not isinstance(actor, AgentActor) or not allowed:
        return Motif.objects.none()
    rows = Motif.objects.active().filter(
        organisation__territoire=organisation.territoire_id,
        organisation__archived_at=None,
        booking_level__in=PRESCRIBED,
        is_follow_up=False,
    )
    rows = rows.exclude(organisation=organisation.pk).exclude(visibility=Visibility.INVISIBLE)
    sees_all = organisation.pk in actor.organisations_with(permission, Reach.ORGANISATION)
    if sees_all or organisation.territoire_id in actor.territoires_with(permission):
        return rows
    return rows.filter(service__in=actor.services_in(organisation.pk))


def motif_categories_for(actor: Actor | None, permission: Permission) -> QuerySet[MotifCategory]:
    """Return the categories of the territoires where `actor` holds `permission` on the whole."""
    return MotifCategory.objects.filter(territoire__in=territoires_for(actor, permission))
