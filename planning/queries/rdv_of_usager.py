"""The RDVs of a citizen, for their space and for the link of a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch, Q

from agents.permissions import Permission, TokenActor, UsagerActor
from motifs.models import Visibility
from notifications.models import OutboxMessage
from planning.models import Participation, Rdv, Reminder
from planning.policies import rdvs_for

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from agents.permissions import Actor

_SHOWN = (Visibility.NOTIFIED, Visibility.SILENT)


def rdvs_of_usager(actor: Actor | None, permission: Permission) -> QuerySet[Rdv]:
    """Return the rows of the policy, with what a recap shows.

    `family` holds the participations of the actor's family only: nobody learns who else comes.
    """
    family = Participation.objects.select_related("usager__responsable").filter(**_family(actor))
    return (
        rdvs_for(actor, permission)
        .select_related("motif__service", "organisation__territoire", "lieu")
        .prefetch_related(Prefetch("participations", queryset=family, to_attr="family"))
    )


def receivers_of(rdv: Rdv) -> list[str]:
    """Return who receives, as usagers may read it: of a RDV de suivi only (§5.5)."""
    if not rdv.motif.is_follow_up:
        return []
    return [agent.short_name for agent in rdv.agents.order_by("sort_key", "pk")]


def is_reminded(participations: Iterable[Participation]) -> bool:
    """Whether a reminder is still to leave: none is planned for a RDV taken at the last moment."""
    return Reminder.objects.filter(participation__in=list(participations), sent_at=None).exists()


def _family(actor: Actor | None) -> dict[str, object]:
    if isinstance(actor, UsagerActor):
        return {"usager__in": actor.family_ids}
    if isinstance(actor, TokenActor):
        return {"pk": actor.participation_id}
    return {"pk__in": ()}


def upcoming_and_past(actor: Actor | None, *, now: datetime) -> tuple[list[Rdv], list[Rdv]]:
    """Return the RDVs to come, soonest first, and the past ones, latest first (100 at most)."""
    rdvs = rdvs_of_usager(actor, Permission.RDV_READ)
    coming = rdvs.filter(ends_at__gt=now).order_by("starts_at", "pk")
    past = rdvs.filter(ends_at__lte=now).order_by("-starts_at", "-pk")[:100]
    return list(coming), list(past)


def told_together(actor: TokenActor) -> list[Rdv]:
    """Return the other RDVs of that person that one message told with this one (E10), by date.

    An SMS about several has one link. One statement; an invisible RDV is never there.
    """
    about = OutboxMessage.objects.filter(grouped_in__isnull=False)
    wholes = about.filter(participation=actor.participation_id).values("grouped_in")
    parts = about.filter(grouped_in__in=wholes).values("participation")
    family = Q(usager=actor.usager_id) | Q(usager__responsable=actor.usager_id)
    told = Participation.objects.filter(family, pk__in=parts, rdv=OuterRef("pk"))
    rdvs = Rdv.objects.kept().filter(Exists(told), motif__visibility__in=_SHOWN)
    rdvs = rdvs.exclude(participations=actor.participation_id).order_by("starts_at", "pk")
    return list(rdvs.select_related("lieu", "motif", "organisation__territoire")[:50])
