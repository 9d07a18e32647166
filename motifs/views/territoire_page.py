"""What the pages of « Espace admin » about motifs have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from agents.policies import territoires_for
from rdv.common.access import get_or_deny

if TYPE_CHECKING:
    from uuid import UUID

    from agents.models import Territoire
    from agents.permissions import Permission
    from rdv.common.http import Request


def territoire_page(request: Request, territoire_uuid: UUID, permission: Permission) -> Territoire:
    """Return the row, or 404 / 403; dates are then printed in its zone."""
    territoire = get_or_deny(territoires_for, request.actor, permission, uuid=territoire_uuid)
    timezone.activate(territoire.zone)
    return territoire
