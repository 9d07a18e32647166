"""Cancel a RDV, or a family's part in it (decisions 2, 7, 23, 30)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from agents.permissions import PrescripteurActor, TokenActor, UsagerActor
from planning.models import Action, Participation, Rdv, Status
from planning.rules.cancellation import refusal_to_cancel
from planning.services.rdv_announce import announce_cancelled
from planning.services.rdv_history import record
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor
    from notifications.messages.rdv import Gathering


class RdvNotCancellable(DomainError):  # noqa: N818 - refusals are named for what is refused
    """The rule's reason, in French."""


@transaction.atomic
def cancel_rdv(
    *,
    rdv_id: int,
    actor: Actor,
    now: datetime,
    notifies: bool = True,
    status: Status = Status.REVOKED,
    gathering: Gathering | None = None,
) -> Rdv:
    """Cancel, keep the history, queue what must be said, give the agents their time back.

    By an agent: the whole RDV is revoked, or excused when `status` says that the usager asked. By
    an usager or a link: their family's participations are excused, and an individual RDV with them
    when no active one remains. Raises RdvNotCancellable.
    """
    rdv = (
        Rdv.objects.kept()
        .select_for_update(of=("self",))
        .select_related("motif", "lieu", "organisation__territoire")
        .get(pk=rdv_id)
    )
    by_usager = isinstance(actor, UsagerActor | TokenActor)
    leaving = _participations(rdv, actor)
    refusal = refusal_to_cancel(
        status=_status_to_judge(rdv, leaving) if by_usager else rdv.status,
        starts_at=rdv.starts_at,
        by_usager=by_usager,
        motif_allows=rdv.motif.is_cancellable_by_usager,
        now=now,
    )
    if refusal or isinstance(actor, PrescripteurActor):
        raise RdvNotCancellable(refusal or "Seul le service peut annuler ce rendez-vous.")
    active = [row for row in leaving if not row.is_cancelled]
    _cancel(rdv, active, status=Status.EXCUSED if by_usager else status, actor=actor, now=now)
    announce_cancelled(
        rdv, actor=actor, now=now, participations=active, notifies=notifies, gathering=gathering
    )
    return rdv


def _participations(rdv: Rdv, actor: Actor) -> list[Participation]:
    """Return the rows that the actor's cancelling is about: all, or those of their family."""
    rows = rdv.participations.order_by("pk")
    if isinstance(actor, UsagerActor):
        rows = rows.filter(usager__in=actor.family_ids)
    elif isinstance(actor, TokenActor):
        rows = rows.filter(
            Q(pk=actor.participation_id)
            | Q(usager=actor.usager_id)
            | Q(usager__responsable=actor.usager_id)
        )
    return list(rows)


def _status_to_judge(rdv: Rdv, family: list[Participation]) -> str:
    """Return the status that decides for an usager: cancelled once none of theirs is active."""
    if rdv.is_cancelled or all(row.is_cancelled for row in family):
        return rdv.status if rdv.is_cancelled else Status.EXCUSED
    return next(row.status for row in family if not row.is_cancelled)


def _cancel(
    rdv: Rdv, leaving: list[Participation], *, status: Status, actor: Actor, now: datetime
) -> None:
    """Write the rows and the history. The RDV follows when nobody active remains.

    Not a workshop, which its last participant leaves as it was: others may still register.
    """
    before = rdv.status
    Participation.objects.filter(pk__in=[row.pk for row in leaving]).update(
        status=status, cancelled_at=now
    )
    by_usager = isinstance(actor, UsagerActor | TokenActor)
    stands = rdv.motif.is_collective or rdv.participations.active().exists()
    ends = not by_usager or not stands
    rdv.version += 1  # the row is locked
    if ends:
        rdv.status, rdv.cancelled_at = status, now
    rdv.save(update_fields=["version", "status", "cancelled_at"])
    changes = {"status": (before, rdv.status)} if ends else {}
    people = {f"participation:{row.pk}": (row.status, status) for row in leaving}
    record(
        rdv,
        action=Action.CANCELLED if ends else Action.STATUS,
        actor=actor,
        at=now,
        changes={**changes, **people},
    )
