"""Do what was asked of many RDVs, family by family (E10). Called by the workers.

A family is the lines that share somebody to tell: each person reads one message about all theirs.
Its lines and what they do to their RDVs, messages included, are one transaction: a task that comes
twice, or whose worker is killed, does nothing twice. What remains is found by the sweeper.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import AgentService
from agents.permissions import Permission
from agents.queries.actor import agent_actor, signed_by
from notifications.messages.rdv import Gathering
from notifications.messages.rdvs import send_gathered
from planning.models import LineState, Rdv, RdvBulk, RdvBulkLine, Status
from planning.queries.rdv_bulk import same_time_on
from planning.queries.rdv_bulk_families import waiting_families
from planning.rules import rdv_bulk as rule
from planning.services.agenda_lock import lock_agendas
from planning.services.lieu_change import tell_new_address
from planning.services.rdv_edit import RdvFields, edit_rdv
from planning.services.rdv_lock import RdvRefused, agenda_refusals, agents_of, lock_rdv
from planning.services.rdv_status import set_rdv_status
from rdv.common.aftercommit import Task, start_after_commit
from rdv.common.errors import DomainError, RetryLaterError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from notifications.messages.rdv import Said

logger = logging.getLogger(__name__)


def sweep_rdv_bulks() -> int:
    """Nudge a worker about each action that is not finished; return how many."""
    waiting = RdvBulk.objects.filter(lines__state=LineState.WAITING).distinct()
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    for bulk_id in ids:
        start_after_commit(Task.RUN_RDV_BULK, bulk_id=bulk_id)
    return len(ids)


def run_rdv_bulk(*, bulk_id: int, now: datetime) -> None:
    """Do each line that waits, unless another worker is doing this action."""
    while families := waiting_families(bulk_id):
        for line_ids in families:
            try:
                with transaction.atomic():
                    if not _run_family(bulk_id, line_ids, now):
                        return
            except Exception:
                # A fault of ours about one family must neither stop the others nor stay unsaid.
                logger.exception("lines %s of an action on RDVs: unexpected error", line_ids)
                with transaction.atomic():
                    _fail(line_ids, now)


def _held(line_ids: Sequence[int]) -> list[RdvBulkLine]:
    rows = RdvBulkLine.objects.select_for_update(of=("self",)).order_by("pk")
    rows = rows.select_related("bulk__agent__account", "bulk__superadmin")
    return list(rows.filter(pk__in=line_ids, state=LineState.WAITING))


def _run_family(bulk_id: int, line_ids: Sequence[int], now: datetime) -> bool:
    """Do these lines, then tell each person once; False when another worker holds the action."""
    action = RdvBulk.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=bulk_id)
    if not list(action.values_list("pk")):
        return False
    lines = _held(line_ids)
    if len(lines) > 1:
        try:
            with agenda_refusals(), transaction.atomic():
                _hold_all(lines)
        except RetryLaterError as refusal:
            _close(lines, refusal.message, now)
            return True
    said = [each for line in lines for each in _run_line(line, now)]
    send_gathered(said, now=now)
    return True


def _hold_all(lines: Sequence[RdvBulkLine]) -> None:
    """Hold every agenda, then every RDV: each line takes its own again, in any order."""
    rdv_ids = [line.rdv_id for line in lines]
    held = {line.to_agent_id for line in lines if line.to_agent_id}
    lock_agendas(held | {agent for pk in rdv_ids for agent in agents_of(pk)})
    rdvs = Rdv.objects.filter(pk__in=rdv_ids).order_by("pk")
    list(rdvs.select_for_update(of=("self",)).values_list("pk"))


def _run_line(line: RdvBulkLine, now: datetime) -> list[Said]:
    """Do one line, and return what the usagers must be told of it: nothing when it is not done."""
    gathering = Gathering(note=line.bulk.note)
    try:
        with agenda_refusals(), transaction.atomic():
            _do(line, now, gathering)
    except RetryLaterError as refusal:
        line.close(LineState.FAILED, refusal.message, at=now)
    except DomainError as refusal:
        line.close(LineState.SKIPPED, refusal.message, at=now)
    except Exception:
        # Ours too: the rest of the family is done and told without it.
        logger.exception("line %s of an action on RDVs: unexpected error", line.pk)
        line.close(LineState.FAILED, _unexpected(), at=now)
    else:
        line.close(LineState.DONE, at=now)
    line.save(update_fields=["state", "reason", "ended_at"])
    return gathering.said if line.state == LineState.DONE else []


def _unexpected() -> str:
    return _("Une erreur s’est produite. Réessayez.")


def _fail(line_ids: Sequence[int], now: datetime) -> None:
    _close(_held(line_ids), _unexpected(), now)


def _close(lines: Sequence[RdvBulkLine], reason: str, now: datetime) -> None:
    for line in lines:
        line.close(LineState.FAILED, reason, at=now)
        line.save(update_fields=["state", "reason", "ended_at"])


def _do(line: RdvBulkLine, now: datetime, gathering: Gathering) -> None:
    """Do the line, with the rights that its author has now, and leave what to tell in `gathering`.

    Raises DomainError.
    """
    bulk = line.bulk
    if bulk.agent.deactivated_at is not None:
        raise RdvRefused(_("L’auteur de l’action n’a plus accès à ce RDV."))
    actor = signed_by(agent_actor(bulk.agent), bulk.superadmin)
    held = agents_of(line.rdv_id) | ({line.to_agent_id} if line.to_agent_id else set())
    permission = Permission.RDV_CANCEL if line.act == rule.CANCEL else Permission.RDV_EDIT
    rdv = lock_rdv(line.rdv_id, actor=actor, permission=permission, agenda_ids=held)
    if line.act == rule.ADDRESS:
        tell_new_address(rdv, line, actor=actor, now=now, gathering=gathering)
        return
    if (rdv.version, rdv.status) != (line.seen_version, line.seen_status):
        raise RdvRefused(_("Ce RDV a changé depuis l’aperçu : il est laissé tel quel."))
    if line.act == rule.CANCEL:
        set_rdv_status(
            rdv_id=rdv.pk,
            status=Status.REVOKED,
            actor=actor,
            now=now,
            notifies=bulk.notifies,
            gathering=gathering,
        )
    else:
        edit_rdv(
            rdv_id=rdv.pk,
            fields=_fields(line, rdv),
            actor=actor,
            now=now,
            notifies=bulk.notifies,
            gathering=gathering,
        )


def _fields(line: RdvBulkLine, rdv: Rdv) -> RdvFields:
    if line.act == rule.LIEU:
        return RdvFields(lieu_id=line.to_lieu_id)
    if line.to_day is not None:
        starts_at = same_time_on(line.to_day, rdv)
        return RdvFields(starts_at=starts_at, ends_at=starts_at + (rdv.ends_at - rdv.starts_at))
    assert line.from_agent_id is not None
    assert line.to_agent_id is not None
    present = agents_of(rdv.pk)
    if line.from_agent_id not in present or line.to_agent_id in present:
        raise RdvRefused(_("Les agents de ce RDV ont changé depuis l’aperçu."))
    _check_service(line, rdv)
    return RdvFields(agent_ids=present - {line.from_agent_id} | {line.to_agent_id})


def _check_service(line: RdvBulkLine, rdv: Rdv) -> None:
    """Only an agent of the motif's service takes the RDV; `edit_rdv` judges the agenda."""
    services = AgentService.objects.filter(
        agent=line.to_agent_id,
        territoire=rdv.organisation.territoire_id,
        service=rdv.motif.service_id,
    )
    if not services.exists():
        raise RdvRefused(_("Cet agent n’est pas du service de ce motif."))
