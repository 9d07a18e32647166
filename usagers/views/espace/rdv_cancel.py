"""An usager cancels their family's part in a RDV: a page that names it, then a button (A08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.services.rdv_cancel import RdvNotCancellable, cancel_rdv
from usagers.views.espace.access import own_rdv, rdv_context, usager_required

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@usager_required
@require_http_methods(["GET", "HEAD", "POST"])
def rdv_cancel(request: Request, rdv_uuid: UUID) -> HttpResponse:
    rdv = own_rdv(request, Permission.RDV_CANCEL, rdv_uuid)
    context = rdv_context(rdv, now=timezone.now())
    status = 200
    if request.method == "POST":
        assert request.actor is not None  # usager_required
        try:
            cancel_rdv(rdv_id=rdv.pk, actor=request.actor, now=timezone.now())
        except RdvNotCancellable as refusal:
            context |= {"refusal": refusal.message, "can_cancel": False}
            status = 422
        else:
            messages.success(request, _("Votre rendez-vous est annulé. Le service est prévenu."))
            return redirect("usagers:rdv_detail", rdv.uuid)
    return render(request, "usagers/espace/rdv_cancel.html", context, status=status)
