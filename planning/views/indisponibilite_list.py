from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from planning.queries.indisponibilite_list import (
    has_past_indisponibilites,
    indisponibilite_rows,
    indisponibilites_of,
)
from planning.views.agent_page import agent_page, is_own, other_agent, page_of
from planning.views.agent_space import colleagues

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_safe
def indisponibilite_list(
    request: Request, organisation_uuid: UUID, agent_uuid: UUID
) -> HttpResponse:
    """Indisponibilités of one agent: current ones, or past ones (`?passees=1`)."""
    elsewhere = other_agent(
        request,
        url_name="planning:indisponibilite_list",
        permission=Permission.INDISPONIBILITE_READ,
        organisation_uuid=organisation_uuid,
        agent_uuid=agent_uuid,
    )
    if elsewhere:
        return elsewhere
    organisation, agent = agent_page(
        request, organisation_uuid, agent_uuid, Permission.INDISPONIBILITE_READ
    )
    past, text = "passees" in request.GET, request.GET.get("q", "").strip()[:120]
    today = timezone.localdate()
    rows = indisponibilites_of(request.actor, agent=agent, today=today, past=past, text=text)
    page = page_of(rows, request)
    editable = colleagues(request.actor, Permission.INDISPONIBILITE_EDIT, organisation)
    context = {
        "organisation": organisation,
        "menu": "indisponibilites",
        "agent": agent,
        "is_own": is_own(request, agent),
        "agents": colleagues(request.actor, Permission.INDISPONIBILITE_READ, organisation),
        "page": page,
        "rows": indisponibilite_rows(page.object_list, actor=request.actor, now=timezone.now()),
        "past": past,
        "has_past": past or has_past_indisponibilites(request.actor, agent=agent, today=today),
        "text": text,
        "may_edit": editable.filter(pk=agent.pk).exists(),
    }
    return render(request, "planning/indisponibilite_list.html", context)
