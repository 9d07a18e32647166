"""« Usagers »: what is typed is posted, never put in a URL nor in a log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from agents.services.audit_look import record_looks
from usagers.policies import may_import
from usagers.queries.referent_choices import nameable_agents
from usagers.queries.usager_list import listed_usagers
from usagers.views.fiche.space import open_organisation

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request

PER_PAGE = 20
LONGEST = 120


@require_http_methods(["GET", "HEAD", "POST"])
def usager_list(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """Nothing is listed until a search or a référent is asked for."""
    organisation = open_organisation(request, organisation_uuid, Permission.USAGER_READ)
    text = request.POST.get("q", "").strip()[:LONGEST]
    agents = list(nameable_agents(request.actor, organisation))
    asked = request.POST.get("referent") or request.GET.get("referent", "")
    referent = next((agent for agent in agents if str(agent.uuid) == asked), None)
    rows = listed_usagers(text, referent=referent, actor=request.actor, organisation=organisation)
    page = Paginator(rows, PER_PAGE).get_page(request.POST.get("page"))
    if page.paginator.count:
        record_looks(
            action="usagers_searched",
            object_kind="organisation",
            object_uuid=organisation.uuid,
            organisation_ids=[organisation.pk],
            actor=request.actor,
            now=timezone.now(),
        )
    context = {
        "organisation": organisation,
        "menu": "usagers",
        "text": text,
        "agents": agents,
        "referent": referent,
        "page": page,
        "may_import": may_import(request.actor, organisation),
        "shows_birth_date": "birth_date" in organisation.territoire.usager_fields,
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "usagers/fiche/_usagers.html", context)
    return render(request, "usagers/fiche/usager_list.html", context)
