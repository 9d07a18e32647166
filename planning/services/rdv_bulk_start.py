"""Ask for one action on many RDVs, or for what failed of it again (E10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import AgentActor, Permission
from agents.policies import organisations_for
from planning.models import LineState, RdvBulk, RdvBulkLine
from planning.policies import rdv_bulks_for
from planning.rules.rdv_bulk import MOST
from rdv.common.aftercommit import Task, start_after_commit
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from agents.permissions import Actor
    from planning.rules.rdv_bulk import NewLine


class BulkRefused(DomainError):  # noqa: N818 - refusals are named for what is refused
    """Nothing to do, too much at once, or not by this person."""


@transaction.atomic
def start_rdv_bulk(
    *,
    uuid: UUID,
    organisation_id: int,
    lines: Sequence[NewLine],
    note: str,
    notifies: bool,
    actor: Actor,
    now: datetime,
) -> RdvBulk:
    """Write the action and nudge a worker: nothing is done to the RDVs yet.

    `uuid` was made when the preview was shown: the second of two clicks returns the action of the
    first. Rights are judged again for each RDV when it is done. Raises BulkRefused.
    """
    allowed = organisations_for(actor, Permission.RDV_CANCEL).filter(pk=organisation_id)
    if not isinstance(actor, AgentActor) or not allowed.exists():
        raise BulkRefused(_("Vous ne pouvez pas modifier de RDV dans cette organisation."))
    if not lines:
        raise BulkRefused(_("Aucun de ces RDV ne peut être modifié."))
    if len(lines) > MOST:
        raise BulkRefused(_("Au plus %(most)s RDV à la fois.") % {"most": MOST})
    bulk, is_new = RdvBulk.objects.get_or_create(
        uuid=uuid,
        defaults={
            "agent_id": actor.agent_id,
            "superadmin_id": actor.superadmin_id,
            "organisation_id": organisation_id,
            "notifies": notifies,
            "note": note if notifies else "",
            "created_at": now,
        },
    )
    if is_new:
        RdvBulkLine.objects.bulk_create(_row(bulk, line) for line in lines)
        start_after_commit(Task.RUN_RDV_BULK, bulk_id=bulk.pk)
    elif bulk.agent_id != actor.agent_id:
        raise BulkRefused(_("Revenez à la liste des RDV et recommencez."))
    return bulk


def _row(bulk: RdvBulk, line: NewLine) -> RdvBulkLine:
    return RdvBulkLine(
        bulk=bulk,
        rdv_id=line.rdv_id,
        act=line.act,
        from_agent_id=line.from_agent_id,
        to_agent_id=line.to_agent_id,
        to_lieu_id=line.to_lieu_id,
        to_day=line.to_day,
        seen_version=line.seen_version,
        seen_status=line.seen_status,
    )


@transaction.atomic
def retry_rdv_bulk(*, bulk_id: int, actor: Actor) -> int:
    """Try again the lines that failed; return how many. Raises BulkRefused."""
    bulk = rdv_bulks_for(actor, Permission.RDV_CANCEL).filter(pk=bulk_id).first()
    if bulk is None:
        raise BulkRefused(_("Cette action n’est pas la vôtre."))
    count = RdvBulkLine.objects.filter(bulk=bulk, state=LineState.FAILED).update(
        state=LineState.WAITING, reason="", ended_at=None
    )
    if count:
        start_after_commit(Task.RUN_RDV_BULK, bulk_id=bulk.pk)
    return count
