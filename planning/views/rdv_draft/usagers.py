"""Step 2: who comes. What is typed to find somebody is posted: never in a URL, never in a log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from planning.queries.rdv_draft import DETAILS, USAGERS
from planning.services.rdv_draft_save import add_usager, remove_usager
from planning.views.agent_space import require_agent
from planning.views.rdv_draft.page import (
    already_booked,
    go_on,
    open_draft,
    step_context,
    step_url,
    to_step,
)
from planning.views.rdv_draft.posted import row_of
from usagers.policies import usagers_bookable
from usagers.queries.usager_search import (
    SHORTEST,
    found_usager,
    proches_of,
    search_usagers,
)
from usagers.services.search_trace import record_search

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from planning.queries.rdv_draft import Draft
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def rdv_draft_usagers(request: Request, organisation_uuid: UUID, draft_uuid: UUID) -> HttpResponse:
    draft = open_draft(request, organisation_uuid, draft_uuid)
    booked = already_booked(request, draft)
    if booked:
        return booked
    if request.method == "POST" and "ajouter" in request.POST:
        return _add(request, draft)
    if request.method == "POST" and "retirer" in request.POST:
        return _remove(request, draft)
    return _page(request, draft)


def _page(request: Request, draft: Draft) -> HttpResponse:
    text = request.POST.get("q", "").strip()
    chosen = [usager.pk for usager in draft.usagers]
    found = search_usagers(
        text, actor=request.actor, organisation=draft.organisation, without=chosen
    )
    record_search(found, organisation=draft.organisation, actor=request.actor, now=timezone.now())
    context = step_context(
        draft,
        USAGERS,
        text=text,
        found=found,
        next_url=step_url(draft, DETAILS if draft.missing_step == USAGERS else draft.missing_step),
        is_searched=len(text) >= SHORTEST,
        chosen=[found_usager(usager) for usager in draft.usagers],
        families=proches_of(
            draft.usagers, actor=request.actor, organisation=draft.organisation, without=chosen
        ),
    )
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "planning/rdv_draft/_usagers_found.html", context)
    return render(request, "planning/rdv_draft/usagers.html", context)


def _add(request: Request, draft: Draft) -> HttpResponse:
    usager = row_of(
        usagers_bookable(request.actor, draft.organisation), request.POST.get("ajouter")
    )
    if usager is None:
        raise Http404
    add_usager(
        draft_id=draft.row.pk,
        usager_id=usager.pk,
        actor=require_agent(request),
        now=timezone.now(),
    )
    # The first person is most often the only one: go on. With more, the page stays.
    return to_step(draft, USAGERS) if draft.usagers else go_on(request, draft)


def _remove(request: Request, draft: Draft) -> HttpResponse:
    for usager in draft.usagers:
        if str(usager.uuid) == request.POST["retirer"]:
            remove_usager(
                draft_id=draft.row.pk,
                usager_id=usager.pk,
                actor=require_agent(request),
                now=timezone.now(),
            )
    return to_step(draft, USAGERS)
