"""The status of one person in a RDV (E06, E07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents.permissions import Permission
from planning.forms.rdv_status import RdvStatusForm
from planning.models import Status
from planning.queries.rdv_status import display_of, status_display
from planning.queries.rdv_told_change import told_of
from planning.rules.status import CANCELLED
from planning.services.rdv_status import set_participation_status
from planning.views.agent_space import require_agent
from planning.views.participation_page import open_participation
from planning.views.rdv_detail import render_rdv
from planning.views.rdv_status import back
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpResponse

    from planning.models import Participation, Rdv
    from rdv.common.http import Request


@require_POST
def participation_status(request: Request, participation_uuid: UUID) -> HttpResponse:
    now = timezone.now()
    form = RdvStatusForm(request.POST)
    wanted = request.POST.get("status")
    permission = Permission.RDV_CANCEL if wanted in CANCELLED else Permission.RDV_EDIT
    rdv, row = open_participation(request, permission, participation_uuid, now=now)
    if not form.is_valid():
        return render_rdv(request, rdv, now=now, error=_("Ce statut n’existe pas."))
    data = form.cleaned_data
    if _is_told(rdv, row, data["status"], now) and not data["confirmed"]:
        return _confirm(request, rdv, row, form, now=now)
    try:
        set_participation_status(
            participation_id=row.pk,
            status=data["status"],
            actor=require_agent(request),
            now=now,
            notifies=not data["keeps_silent"],
        )
    except DomainError as refusal:
        return render_rdv(request, rdv, now=now, error=refusal.message)
    label = status_display(data["status"], is_person=True).label
    words = {"name": row.usager.full_name, "status": str(label).lower()}
    messages.success(request, _("%(name)s : %(status)s.") % words)
    return back(rdv, data["next"])


def _is_told(rdv: Rdv, row: Participation, status: str, now: datetime) -> bool:
    return (
        rdv.starts_at > now and not rdv.is_cancelled and (status in CANCELLED) != row.is_cancelled
    )


def _confirm(
    request: Request, rdv: Rdv, row: Participation, form: RdvStatusForm, *, now: datetime
) -> HttpResponse:
    restores = form.cleaned_data["status"] == Status.UNKNOWN
    context = {
        "organisation": rdv.organisation,
        "menu": "agenda",
        "rdv": rdv,
        "person": row,
        "form": form,
        "wanted": status_display(form.cleaned_data["status"], is_person=True),
        "restores": restores,
        "staying": [],
        "busy": "",
        "status": display_of(rdv, now=now),
        "told": told_of(rdv, [row], actor=require_agent(request), now=now),
        "has_begun": rdv.starts_at <= now,
    }
    return render(request, "planning/rdv_status.html", context)
