from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from agents.queries.territoire_home import territoire_figures
from agents.queries.territoire_menu import territoire_menu
from agents.views.territoire_page import territoire_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_safe
def territoire_home(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_READ)
    context = {
        "territoire": territoire,
        "menu": "home",
        "figures": territoire_figures(territoire),
        "pages": [
            link for link in territoire_menu(request.actor, territoire) if link.key != "home"
        ],
    }
    return render(request, "agents/territoire_home.html", context)
