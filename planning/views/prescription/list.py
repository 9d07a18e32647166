"""« Vos prescriptions »: what the agent booked elsewhere; the RDVs are the others' (B04)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from planning.queries.prescription_list import prescription_rows
from planning.views.agent_space import open_organisation

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request

PER_PAGE = 25


@require_safe
def prescription_list(request: Request, organisation_uuid: UUID) -> HttpResponse:
    organisation = open_organisation(request, organisation_uuid, Permission.RDV_PRESCRIBE)
    rows = prescription_rows(request.actor, organisation)
    context = {
        "organisation": organisation,
        "menu": "slot_search",
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "planning/prescription/list.html", context)
