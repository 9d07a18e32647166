"""Where an action on many RDVs stands; its author alone reads it (E10)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.policies import rdv_bulks_for
from planning.queries.rdv_bulk_result import result_of
from planning.services.rdv_bulk_start import retry_rdv_bulk
from planning.views.agent_space import open_organisation, require_agent
from rdv.common.access import get_or_deny

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def rdv_bulk_result(request: Request, organisation_uuid: UUID, bulk_uuid: UUID) -> HttpResponse:
    """Show the progress; a POST tries again what failed."""
    organisation = open_organisation(request, organisation_uuid, Permission.RDV_CANCEL)
    bulk = get_or_deny(
        rdv_bulks_for,
        request.actor,
        Permission.RDV_CANCEL,
        uuid=bulk_uuid,
        organisation=organisation,
    )
    if request.method == "POST":
        if retry_rdv_bulk(bulk_id=bulk.pk, actor=require_agent(request)):
            messages.info(request, _("Nouvel essai en cours."))
        return redirect("planning:rdv_bulk_result", organisation.uuid, bulk.uuid)
    context = {
        "organisation": organisation,
        "menu": "rdv_bulk",
        "bulk": bulk,
        "result": result_of(bulk),
        "removed": _uuid(request.GET.get("retrait", "")),
    }
    return render(request, "planning/rdv_bulk_result.html", context)


def _uuid(text: str) -> UUID | None:
    """Return the agent whose removal asked for this action, to go on with it."""
    try:
        return UUID(text)
    except ValueError:
        return None
