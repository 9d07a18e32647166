"""What the pages of « Mon compte » have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from agents.permissions import AgentActor

if TYPE_CHECKING:
    from rdv.common.http import Request


def agent_actor_or_403(request: Request) -> AgentActor:
    """Return the actor; an usager's sign-in never opens an agent's page (G08)."""
    if not isinstance(request.actor, AgentActor):
        raise PermissionDenied
    return request.actor
