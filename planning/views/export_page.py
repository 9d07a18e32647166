"""What the addresses of one export share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.permissions import Permission
from planning.policies import own_exports
from planning.views.agent_space import require_agent
from rdv.common.access import get_or_deny

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from agents.permissions import Actor
    from planning.models import Export
    from rdv.common.http import Request


def open_own_export(request: Request, export_uuid: UUID) -> Export:
    """Return the export, or 404: nobody knows those of somebody else, admin or not."""
    require_agent(request)
    return get_or_deny(_own, request.actor, Permission.EXPORT_CREATE, uuid=export_uuid)


def _own(actor: Actor | None, _permission: Permission) -> QuerySet[Export]:
    return own_exports(actor)
