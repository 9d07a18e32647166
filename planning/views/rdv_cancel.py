"""An agent cancels a RDV: a page that names who will be told (ux: destructive acts)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.forms.rdv_cancel import RdvCancelForm
from planning.models import Status
from planning.queries.rdv_detail import rdvs_in_full
from planning.queries.rdv_status import display_of
from planning.queries.rdv_told import told_of_cancelling
from planning.rules.cancellation import refusal_to_cancel
from planning.services.rdv_status import set_rdv_status
from planning.views.agent_space import open_rdv, require_agent
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def rdv_cancel(request: Request, rdv_uuid: UUID) -> HttpResponse:
    now = timezone.now()
    actor = require_agent(request)
    rdv = open_rdv(request, rdvs_in_full, Permission.RDV_CANCEL, rdv_uuid, now=now)
    # The page asks who cancels only where an usager can: otherwise it is the service.
    posted = {"status": Status.REVOKED, **request.POST.dict()}
    form = RdvCancelForm(posted if request.method == "POST" else None)
    if form.is_valid():
        try:
            set_rdv_status(
                rdv_id=rdv.pk,
                status=form.cleaned_data["status"],
                actor=actor,
                now=now,
                notifies=not form.cleaned_data["keeps_silent"],
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Le RDV est annulé."))
            return redirect("planning:rdv_detail", rdv.uuid)
    context = {
        "organisation": rdv.organisation,
        "menu": "agenda",
        "rdv": rdv,
        "status": display_of(rdv, now=now),
        "told": told_of_cancelling(rdv, actor=actor, now=now),
        "has_begun": rdv.starts_at <= now,
        "refusal": refusal_to_cancel(
            status=rdv.status, starts_at=rdv.starts_at, by_usager=False, motif_allows=True, now=now
        ),
        "form": form,
    }
    return render(request, "planning/rdv_cancel.html", context, status=422 if form.errors else 200)
