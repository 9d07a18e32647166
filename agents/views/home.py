"""Where an agent lands after sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from agents.permissions import AgentActor, Permission
from agents.policies import organisations_for

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request


@require_safe
def home(request: Request) -> HttpResponse:
    """One organisation: its agenda. Several, or none: the list."""
    if not isinstance(request.actor, AgentActor):
        raise PermissionDenied
    organisations = organisations_for(request.actor, Permission.AGENDA_READ)[:2]
    if len(organisations) == 1:
        return redirect("planning:agenda", organisations[0].uuid)
    return redirect("agents:organisation_list")
