"""Change the status of a RDV or of one person in it (planning §6.2, §6.3; E06, E12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Organisation
from agents.permissions import Permission
from planning.models import Action, AgentRdv, Participation, Rdv, Status
from planning.queries.rdv_acts import moment_of
from planning.rules import status as rule
from planning.services.agenda_lock import limit_waiting
from planning.services.opening_lock import hold_opening
from planning.services.rdv_announce import (
    announce_cancelled,
    announce_joined,
    announce_restored,
)
from planning.services.rdv_cancel import cancel_rdv
from planning.services.rdv_history import record
from planning.services.rdv_lock import (
    AgendaBusy,
    RdvRefused,
    agenda_refusals,
    agents_of,
    busy_agents,
    lock_rdv,
)
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from agents.permissions import Actor
    from notifications.messages.rdv import Gathering

__all__ = ["AgendaBusy", "StatusRefused", "set_participation_status", "set_rdv_status"]


class StatusRefused(DomainError):  # noqa: N818 - refusals are named for what is refused
    """The transition is not in the table of `planning.rules.status`."""


def set_rdv_status(
    *,
    rdv_id: int,
    status: str,
    actor: Actor,
    now: datetime,
    notifies: bool = True,
    accepts_overlap: bool = False,
    gathering: Gathering | None = None,
) -> Rdv:
    """Change the status, and that of the people as it follows; tell those who must be told.

    `gathering` is for what is said of several RDVs at once (`announce_cancelled`). Restoring a
    cancelled RDV takes its time again.
    Raises StatusRefused, AgendaBusy when that time is taken and `accepts_overlap` is false,
    RdvRefused, RetryLaterError.
    """
    with agenda_refusals(), transaction.atomic():
        restores = status == Status.UNKNOWN
        if restores:
            _hold_opening(rdv_id)
        permission = Permission.RDV_CANCEL if status in rule.CANCELLED else Permission.RDV_EDIT
        rdv = lock_rdv(
            rdv_id, actor=actor, permission=permission, agenda_ids=None if restores else ()
        )
        _check_rdv(rdv, status, now)
        if status in rule.CANCELLED:
            return cancel_rdv(
                rdv_id=rdv_id,
                actor=actor,
                now=now,
                notifies=notifies,
                status=Status(status),
                gathering=gathering,
            )
        if rdv.is_cancelled:
            return _restore(rdv, actor, now, notifies=notifies, accepts_overlap=accepts_overlap)
        people = _push(rdv, status)
        _write(rdv, Status(status), people, actor=actor, now=now)
        return rdv


def coming_back(rdv: Rdv) -> tuple[list[Participation], list[Participation]]:
    """Return who a restore would bring back, and who stays away; reads `rdv.participations`."""
    rows = list(rdv.participations.all())
    parts = [rule.Part(row.status, row.cancelled_at) for row in rows]
    after = rule.pushed(Status.UNKNOWN, rdv_status=rdv.status, parts=parts)
    back = [row for row, status in zip(rows, after, strict=True) if status == Status.UNKNOWN]
    return back, [row for row in rows if row not in back]


def set_participation_status(
    *,
    participation_id: int,
    status: str,
    actor: Actor,
    now: datetime,
    notifies: bool = True,
) -> Participation:
    """Change the status of one person; the RDV's follows (« honoré » as soon as one came…).

    Raises StatusRefused, RdvRefused, RetryLaterError.
    """
    with agenda_refusals(), transaction.atomic():
        rdv = _lock_rdv_of(participation_id, status=status, actor=actor)
        rows = list(rdv.participations.select_related("usager").order_by("pk"))
        row = next(one for one in rows if one.pk == participation_id)
        moment = moment_of(rdv, now)
        allowed = rule.next_participation_statuses(row.status, rdv_status=rdv.status, moment=moment)
        if rdv.is_cancelled:
            raise StatusRefused(_("Ce RDV est annulé : rétablissez-le d’abord."))
        _check(status, of=row.status, allowed=allowed, moment=moment)
        before, was_cancelled = row.status, row.is_cancelled
        row.status = Status(status)
        row.cancelled_at = now if row.is_cancelled else None
        row.save(update_fields=["status", "cancelled_at"])
        _follow(rdv, rows, (row, before), actor=actor, now=now)
        if row.is_cancelled:
            announce_cancelled(rdv, actor=actor, now=now, participations=[row], notifies=notifies)
        elif was_cancelled:
            announce_joined(
                rdv, actor=actor, now=now, participation_ids=[row.pk], notifies=notifies
            )
        row.rdv = rdv
        return row


def _lock_rdv_of(participation_id: int, *, status: str, actor: Actor) -> Rdv:
    found = Participation.objects.filter(pk=participation_id).values_list("rdv", flat=True).first()
    if found is None:
        raise RdvRefused(_("Cette personne n’est plus inscrite à ce RDV."))
    permission = Permission.RDV_CANCEL if status in rule.CANCELLED else Permission.RDV_EDIT
    return lock_rdv(found, actor=actor, permission=permission)


def _check_rdv(rdv: Rdv, wanted: str, now: datetime) -> None:
    moment = moment_of(rdv, now)
    allowed = rule.next_statuses(rdv.status, moment=moment, is_collective=rdv.motif.is_collective)
    _check(wanted, of=rdv.status, allowed=allowed, moment=moment)


def _check(wanted: str, *, of: str, allowed: Collection[str], moment: rule.Moment) -> None:
    refusal = rule.refusal_of(wanted, status=of, allowed=allowed, moment=moment)
    if refusal:
        raise StatusRefused(refusal)


def _push(rdv: Rdv, status: str) -> list[tuple[Participation, str]]:
    """Write the participations that follow; return each with its status of before."""
    rows = list(rdv.participations.order_by("pk"))
    parts = [rule.Part(row.status, row.cancelled_at) for row in rows]
    moved = []
    for row, after in zip(
        rows, rule.pushed(status, rdv_status=rdv.status, parts=parts), strict=True
    ):
        if after != row.status:
            moved.append((row, row.status))
            row.status, row.cancelled_at = Status(after), None
            row.save(update_fields=["status", "cancelled_at"])
    return moved


def _hold_opening(rdv_id: int) -> None:
    """Nobody archives the organisation while one of its RDVs comes back."""
    limit_waiting()
    motif_id = Rdv.objects.filter(pk=rdv_id).values_list("motif", flat=True).first()
    if motif_id is not None:
        hold_opening(motif_id=motif_id, lieu_id=None)


def _restore(
    rdv: Rdv, actor: Actor, now: datetime, *, notifies: bool, accepts_overlap: bool
) -> Rdv:
    """Take the time again, bring the people back, say so (E12)."""
    if Organisation.objects.filter(pk=rdv.organisation_id).exclude(archived_at=None).exists():
        raise StatusRefused(_("Cette organisation est archivée : ce RDV ne peut pas revenir."))
    busy = busy_agents(
        rdv,
        agent_ids=agents_of(rdv.pk),
        starts_at=rdv.starts_at,
        ends_at=rdv.ends_at,
        actor=actor,
        accepts_overlap=accepts_overlap,
    )
    agendas = AgentRdv.objects.filter(rdv=rdv)
    agendas.filter(agent__in=busy).update(overlap_accepted=True)
    people = _push(rdv, Status.UNKNOWN)
    rdv.version += 1  # the row is locked
    _write(rdv, Status.UNKNOWN, people, actor=actor, now=now)
    agendas.exclude(agent__in=busy).update(overlap_accepted=False)
    announce_restored(
        rdv,
        actor=actor,
        now=now,
        participation_ids=[row.pk for row, _before in people],
        notifies=notifies,
    )
    return rdv


def _follow(
    rdv: Rdv,
    rows: Sequence[Participation],
    moved: tuple[Participation, str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Write what the RDV becomes once one of its people has changed."""
    row, before = moved
    status = rule.derived(
        rdv_status=rdv.status,
        parts=[one.status for one in rows],
        moment=moment_of(rdv, now),
        is_collective=rdv.motif.is_collective,
    )
    if row.is_cancelled or before in rule.CANCELLED:
        rdv.version += 1  # somebody is told: the row is locked
    _write(rdv, Status(status), [(row, before)], actor=actor, now=now)


def _write(
    rdv: Rdv,
    status: Status,
    people: Sequence[tuple[Participation, str]],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Write the RDV and its history."""
    before, rdv.status = rdv.status, status
    if rdv.is_cancelled != (before in rule.CANCELLED):
        rdv.cancelled_at = now if rdv.is_cancelled else None
    rdv.save(update_fields=["status", "cancelled_at", "version"])
    changes: dict[str, tuple[str, str]] = {}
    if status != before:
        changes["status"] = (before, status)
    changes |= {f"participation:{row.pk}": (was, Status(row.status)) for row, was in people}
    is_cancelling = rdv.is_cancelled and before not in rule.CANCELLED
    record(
        rdv,
        action=Action.CANCELLED if is_cancelling else Action.STATUS,
        actor=actor,
        at=now,
        changes=changes,
    )
