"""What the acts on one person of a RDV have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from agents.services.audit_look import record_looks
from planning.queries.rdv_detail import rdvs_in_full
from planning.views.agent_space import require_agent
from rdv.common.access import get_or_deny

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from agents.permissions import Permission
    from planning.models import Participation, Rdv
    from rdv.common.http import Request


def open_participation(
    request: Request, permission: Permission, participation_uuid: UUID, *, now: datetime
) -> tuple[Rdv, Participation]:
    """Return the RDV of that person, as its page needs it, and the person; or 404 / 403."""
    actor = require_agent(request)
    rdv = get_or_deny(rdvs_in_full, actor, permission, participations__uuid=participation_uuid)
    timezone.activate(rdv.organisation.territoire.zone)
    record_looks(
        action="rdv_seen",
        object_kind="rdv",
        object_uuid=rdv.uuid,
        organisation_ids=[rdv.organisation_id],
        actor=actor,
        now=now,
        with_own=True,
    )
    row = next(row for row in rdv.participations.all() if row.uuid == participation_uuid)
    return rdv, row
