"""An admin hides a RDV (decision 26): a page that says what it does not do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.queries.rdv_detail import rdvs_in_full
from planning.queries.rdv_status import display_of
from planning.services.rdv_delete import delete_rdv
from planning.views.agent_space import open_rdv, require_agent
from planning.views.rdv_detail import render_rdv
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def rdv_delete(request: Request, rdv_uuid: UUID) -> HttpResponse:
    now = timezone.now()
    rdv = open_rdv(request, rdvs_in_full, Permission.RDV_DELETE, rdv_uuid, now=now)
    if request.method == "POST":
        try:
            delete_rdv(rdv_id=rdv.pk, actor=require_agent(request), now=now)
        except DomainError as refusal:
            return render_rdv(request, rdv, now=now, error=refusal.message)
        messages.success(request, _("Le RDV est supprimé."))
        return redirect("planning:agenda", rdv.organisation.uuid)
    context = {
        "organisation": rdv.organisation,
        "menu": "agenda",
        "rdv": rdv,
        "status": display_of(rdv, now=now),
        "is_coming": rdv.starts_at > now and not rdv.is_cancelled,
    }
    return render(request, "planning/rdv_delete.html", context)
