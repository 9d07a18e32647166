"""Step 1: what the RDV is about."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from planning.queries.rdv_draft import MOTIF, usable_motifs
from planning.services.rdv_draft_save import change_motif
from planning.views.agent_space import require_agent
from planning.views.rdv_draft.page import already_booked, go_on, open_draft, step_context
from planning.views.rdv_draft.posted import row_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def rdv_draft_motif(request: Request, organisation_uuid: UUID, draft_uuid: UUID) -> HttpResponse:
    draft = open_draft(request, organisation_uuid, draft_uuid)
    booked = already_booked(request, draft)
    if booked:
        return booked
    motifs = usable_motifs(request.actor, draft.organisation)
    if request.method == "POST":
        motif = row_of(motifs, request.POST.get("motif"))
        if motif is None:
            raise Http404
        change_motif(
            draft_id=draft.row.pk,
            motif_id=motif.pk,
            actor=require_agent(request),
            now=timezone.now(),
        )
        return go_on(request, draft)
    services = [
        (service.name, list(found)) for service, found in groupby(motifs, lambda m: m.service)
    ]
    context = step_context(draft, MOTIF, services=services)
    return render(request, "planning/rdv_draft/motif.html", context)
