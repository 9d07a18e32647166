"""An admin of the territoire clears the address of an agent (C07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents.permissions import AgentActor, Permission
from agents.policies import agents_of_territoires_for
from agents.services.blocked_address_clear import clear_agent_address
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError
from rdv.common.public_pages import own_path

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Agent
    from rdv.common.http import Request


@require_POST
def blocked_address_clear(request: Request, agent_uuid: UUID, block_uuid: UUID) -> HttpResponse:
    """Clear it, and go back to the page of the button (`next`, on this site only)."""
    actor = request.actor if isinstance(request.actor, AgentActor) else None
    agent: Agent = get_or_deny(
        agents_of_territoires_for, actor, Permission.TERRITOIRE_EDIT, uuid=agent_uuid
    )
    try:
        clear_agent_address(
            agent_id=agent.pk, block_uuid=block_uuid, actor=actor, now=timezone.now()
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("L’adresse est débloquée."))
    return redirect(own_path(request.POST.get("next", "")) or "agents:home")
