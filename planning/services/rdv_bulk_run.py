"""Do what was asked of many RDVs, one at a time (E10). Called by the workers.

A line and what it does to its RDV, messages included, are one transaction: a task that is delivered
twice, or whose worker is killed, does nothing twice. What remains is found by the sweeper.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import AgentService
from agents.permissions import Permission
from agents.queries.actor import agent_actor
from planning.models import LineState, RdvBulk, RdvBulkLine, Status
from planning.queries.rdv_bulk import same_time_on
from planning.rules import rdv_bulk as rule
from planning.services.rdv_edit import RdvFields, edit_rdv
from planning.services.rdv_lock import RdvRefused, agenda_refusals, agents_of, lock_rdv
from planning.services.rdv_status import set_rdv_status
from rdv.common.aftercommit import Task, start_after_commit
from rdv.common.errors import DomainError, RetryLaterError

if TYPE_CHECKING:
    from datetime import datetime

    from planning.models import Rdv

logger = logging.getLogger(__name__)


def sweep_rdv_bulks() -> int:
    """Nudge a worker about each action that is not finished; return how many."""
    waiting = RdvBulk.objects.filter(lines__state=LineState.WAITING).distinct()
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    for bulk_id in ids:
        start_after_commit(Task.RUN_RDV_BULK, bulk_id=bulk_id)
    return len(ids)


def run_rdv_bulk(*, bulk_id: int, now: datetime) -> None:
    """Do each line that waits. Those that another worker holds are left to it."""
    waiting = RdvBulkLine.objects.filter(bulk=bulk_id, state=LineState.WAITING)
    for line_id in list(waiting.order_by("pk").values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                _run_line(line_id, now)
        except Exception:
            # A fault of ours about one RDV must neither stop the others nor stay unsaid.
            logger.exception("line %s of an action on RDVs: unexpected error", line_id)
            with transaction.atomic():
                _fail(line_id, now)


def _held(line_id: int) -> RdvBulkLine | None:
    rows = RdvBulkLine.objects.select_for_update(of=("self",), skip_locked=True)
    rows = rows.select_related("bulk__agent__account")
    return rows.filter(pk=line_id, state=LineState.WAITING).first()


def _run_line(line_id: int, now: datetime) -> None:
    line = _held(line_id)
    if line is None:
        return
    try:
        with agenda_refusals(), transaction.atomic():
            _do(line, now)
    except RetryLaterError as refusal:
        line.close(LineState.FAILED, refusal.message, at=now)
    except DomainError as refusal:
        line.close(LineState.SKIPPED, refusal.message, at=now)
    else:
        line.close(LineState.DONE, at=now)
    line.save(update_fields=["state", "reason", "ended_at"])


def _fail(line_id: int, now: datetime) -> None:
    line = _held(line_id)
    if line is not None:
        line.close(LineState.FAILED, _("Une erreur s’est produite. Réessayez."), at=now)
        line.save(update_fields=["state", "reason", "ended_at"])


def _do(line: RdvBulkLine, now: datetime) -> None:
    """Do the line with the rights that its author has now. Raises DomainError."""
    bulk = line.bulk
    if bulk.agent.deactivated_at is not None:
        raise RdvRefused(_("L’auteur de l’action n’a plus accès à ce RDV."))
    actor = agent_actor(bulk.agent)
    held = agents_of(line.rdv_id) | ({line.to_agent_id} if line.to_agent_id else set())
    permission = Permission.RDV_CANCEL if line.act == rule.CANCEL else Permission.RDV_EDIT
    rdv = lock_rdv(line.rdv_id, actor=actor, permission=permission, agenda_ids=held)
    if (rdv.version, rdv.status) != (line.seen_version, line.seen_status):
        raise RdvRefused(_("Ce RDV a changé depuis l’aperçu : il est laissé tel quel."))
    if line.act == rule.CANCEL:
        set_rdv_status(
            rdv_id=rdv.pk,
            status=Status.REVOKED,
            actor=actor,
            now=now,
            notifies=bulk.notifies,
            note=bulk.note,
        )
    else:
        edit_rdv(
            rdv_id=rdv.pk,
            fields=_fields(line, rdv),
            actor=actor,
            now=now,
            notifies=bulk.notifies,
            note=bulk.note,
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
