from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from planning.queries.plage_choices import motifs_for_plage
from planning.queries.plage_ouverture_list import has_past_plages, plage_rows, plages_of
from planning.views.agent_page import agent_page, is_own, other_agent, page_of
from planning.views.agent_space import colleagues

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_safe
def plage_ouverture_list(
    request: Request, organisation_uuid: UUID, agent_uuid: UUID
) -> HttpResponse:
    """Plages of one agent in one organisation: current ones, or past ones (`?passees=1`)."""
    elsewhere = other_agent(
        request,
        url_name="planning:plage_ouverture_list",
        permission=Permission.PLAGE_READ,
        organisation_uuid=organisation_uuid,
        agent_uuid=agent_uuid,
    )
    if elsewhere:
        return elsewhere
    organisation, agent = agent_page(request, organisation_uuid, agent_uuid, Permission.PLAGE_READ)
    today = timezone.localdate()
    past, text = "passees" in request.GET, request.GET.get("q", "").strip()[:120]
    plages = plages_of(
        request.actor, organisation=organisation, agent=agent, today=today, past=past, text=text
    )
    page = page_of(plages, request)
    editable = colleagues(request.actor, Permission.PLAGE_EDIT, organisation)
    context = {
        "organisation": organisation,
        "menu": "plages",
        "agent": agent,
        "is_own": is_own(request, agent),
        "agents": colleagues(request.actor, Permission.PLAGE_READ, organisation),
        "page": page,
        "rows": plage_rows(page.object_list, actor=request.actor, agent=agent, today=today),
        "past": past,
        "has_past": past
        or has_past_plages(request.actor, organisation=organisation, agent=agent, today=today),
        "text": text,
        "may_edit": editable.filter(pk=agent.pk).exists(),
        "has_motif": motifs_for_plage(
            request.actor, organisation=organisation, agent=agent
        ).exists(),
    }
    return render(request, "planning/plage_ouverture_list.html", context)
