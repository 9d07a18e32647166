from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from agents.queries.equipe_list import equipes_with_agents
from agents.views.territoire_page import territoire_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_safe
def equipe_list(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.TEAM_EDIT)
    context = {
        "territoire": territoire,
        "menu": "equipes",
        "equipes": equipes_with_agents(request.actor, territoire),
    }
    return render(request, "agents/equipe_list.html", context)
