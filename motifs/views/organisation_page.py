"""What the pages about one organisation have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from agents.policies import organisations_for
from rdv.common.access import get_or_deny

if TYPE_CHECKING:
    from uuid import UUID

    from agents.models import Organisation
    from agents.permissions import Permission
    from rdv.common.http import Request


def organisation_page(
    request: Request, organisation_uuid: UUID, permission: Permission
) -> Organisation:
    """Return the row, or 404 / 403; dates are then printed in the zone of the territoire."""
    organisation = get_or_deny(organisations_for, request.actor, permission, uuid=organisation_uuid)
    timezone.activate(organisation.territoire.zone)
    return organisation


def may(request: Request, organisation: Organisation, permission: Permission) -> bool:
    """Say whether to show a button; the page behind it decides again."""
    return organisations_for(request.actor, permission).filter(pk=organisation.pk).exists()
