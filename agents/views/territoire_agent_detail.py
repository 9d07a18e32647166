from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from agents.queries.agent_detail import agent_card
from agents.views.staff_page import territoire_member

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_safe
def territoire_agent_detail(
    request: Request, territoire_uuid: UUID, agent_uuid: UUID
) -> HttpResponse:
    territoire, agent = territoire_member(
        request, territoire_uuid, agent_uuid, Permission.TERRITOIRE_READ
    )
    context = {
        "territoire": territoire,
        "menu": "agents",
        "card": agent_card(agent, territoire, actor=request.actor),
    }
    return render(request, "agents/territoire_agent_detail.html", context)
