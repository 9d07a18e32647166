from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from agents.queries.territoire_attention import territoire_notices
from agents.queries.territoire_home import territoire_facts, territoire_sections
from agents.views.territoire_page import territoire_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_safe
def territoire_home(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_READ)
    now = timezone.now()
    facts = territoire_facts(territoire, now=now)
    context = {
        "territoire": territoire,
        "menu": "home",
        "notices": territoire_notices(request.actor, territoire, facts, now=now),
        "sections": territoire_sections(request.actor, territoire, facts),
    }
    return render(request, "agents/territoire_home.html", context)
