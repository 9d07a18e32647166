from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.queries.rdv_collectif import workshops_for
from planning.views.agent_space import open_rdv
from planning.views.rdv_collectif_detail import register_one
from planning.views.usager_on_the_spot import create_new_person, new_person

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def rdv_collectif_usager_new(request: Request, rdv_uuid: UUID) -> HttpResponse:
    """A person new to the organisation: the fiche, then the seat, at once (E07).

    `prefill` posts what was searched; a plain POST creates. When no seat is left the fiche stays,
    and the page of the workshop asks.
    """
    rdv = open_rdv(request, workshops_for, Permission.RDV_EDIT, rdv_uuid, now=timezone.now())
    if rdv.is_cancelled:
        return redirect("planning:rdv_collectif_detail", rdv.uuid)
    page = new_person(request, rdv.organisation)
    usager = create_new_person(request, rdv.organisation, page) if page.is_ready else None
    if usager is not None:
        return register_one(request, rdv, str(usager.uuid))
    context = {
        "organisation": rdv.organisation,
        "menu": "rdv_collectifs",
        "rdv": rdv,
        **page.context(),
    }
    status = page.status
    return render(request, "planning/rdv_collectif_usager_new.html", context, status=status)
