"""What becomes of a file of usagers: its progress, its report, the button that creates (G14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError
from usagers.policies import own_imports
from usagers.queries.usager_import_report import report_of
from usagers.services.usager_import_run import confirm_import
from usagers.views.fiche.space import open_organisation

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request

PER_PAGE = 100


@never_cache
@require_http_methods(["GET", "POST"])
def usager_import_report(
    request: Request, organisation_uuid: UUID, import_uuid: UUID
) -> HttpResponse:
    """The page asks for itself again every two seconds while a worker is at it; a POST creates."""
    organisation = open_organisation(request, organisation_uuid, Permission.USAGER_IMPORT)
    sent = get_or_deny(
        lambda actor, _wanted: own_imports(actor).filter(organisation=organisation),
        request.actor,
        Permission.USAGER_IMPORT,
        uuid=import_uuid,
    )
    if request.method == "POST":
        try:
            confirm_import(import_id=sent.pk, actor=request.actor)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect("usagers:usager_import_report", organisation.uuid, sent.uuid)
    shows_left = request.GET.get("lignes") == "ecartees"
    report = report_of(sent, only_left=shows_left)
    context = {
        "organisation": organisation,
        "menu": "usagers",
        "sent": sent,
        "report": report,
        "shows_left": shows_left,
        "page": Paginator(report.lines, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "usagers/fiche/usager_import_report.html", context)
