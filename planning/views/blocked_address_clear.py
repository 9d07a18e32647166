"""An admin clears an address of an usager (C07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from agents.permissions import Permission
from planning.services.blocked_address_clear import clear_blocked_address
from planning.views.agent_space import open_organisation, require_agent
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError
from rdv.common.public_pages import own_path
from usagers.policies import usagers_for

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_POST
def blocked_address_clear(
    request: Request, organisation_uuid: UUID, usager_uuid: UUID, block_uuid: UUID
) -> HttpResponse:
    """Clear it, and go back to the page of the button (`next`, on this site only)."""
    organisation = open_organisation(request, organisation_uuid, Permission.ORGANISATION_EDIT)
    usager = get_or_deny(usagers_for, request.actor, Permission.USAGER_READ, uuid=usager_uuid)
    try:
        left = clear_blocked_address(
            organisation_id=organisation.pk,
            usager_id=usager.pk,
            block_uuid=block_uuid,
            actor=require_agent(request),
            now=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _said(left))
    return redirect(own_path(request.POST.get("next", "")) or "agents:home")


def _said(left: int) -> str:
    done = _("L’adresse est débloquée.")
    if not left:
        return done
    again = ngettext("%(count)s message repart.", "%(count)s messages repartent.", left)
    return f"{done} {again % {'count': left}}"
