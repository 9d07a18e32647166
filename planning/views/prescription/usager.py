"""Whom the agent sends: the same masked search as everywhere, or a new fiche (B04, E05)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from planning.views.prescription.place import load_step
from planning.views.rdv_draft.posted import row_of
from planning.views.usager_on_the_spot import create_new_person, new_person
from usagers.policies import usagers_bookable
from usagers.queries.usager_search import SHORTEST, search_usagers
from usagers.services.search_trace import record_search

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def prescription_usager(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """Search is posted: what is typed is never in a URL. `ajouter` chooses somebody."""
    step = load_step(request, organisation_uuid)
    if step.site is None or step.starts_at is None:
        return redirect(step.search_url)
    if request.method == "POST" and "ajouter" in request.POST:
        rows = usagers_bookable(request.actor, step.organisation)
        usager = row_of(rows, request.POST["ajouter"])
        if usager is None:
            raise Http404
        return redirect(step.url("confirm", usager=str(usager.uuid)))
    text = request.POST.get("q", "").strip()
    found = search_usagers(text, actor=request.actor, organisation=step.organisation)
    record_search(found, organisation=step.organisation, actor=request.actor, now=timezone.now())
    context = {
        "organisation": step.organisation,
        "menu": "slot_search",
        "step": step,
        "site": step.site,
        "text": text,
        "found": found,
        "is_searched": len(text) >= SHORTEST,
        "new_url": step.url("usager_new"),
    }
    return render(request, "planning/prescription/usager.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def prescription_usager_new(request: Request, organisation_uuid: UUID) -> HttpResponse:
    step = load_step(request, organisation_uuid)
    if step.site is None or step.starts_at is None:
        return redirect(step.search_url)
    page = new_person(request, step.organisation)
    usager = create_new_person(request, step.organisation, page) if page.is_ready else None
    if usager is not None:
        return redirect(step.url("confirm", usager=str(usager.uuid)))
    context = {
        "organisation": step.organisation,
        "menu": "slot_search",
        "step": step,
        "site": step.site,
        "pick_url": step.usager_url,
        **page.context(),
    }
    return render(request, "planning/prescription/usager_new.html", context, status=page.status)
