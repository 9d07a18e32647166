"""The buttons of statuses: at once, or after a page that names who will be told (E06, E12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents.permissions import Permission
from planning.forms.rdv_status import RdvStatusForm
from planning.models import Status
from planning.queries.rdv_detail import rdvs_in_full
from planning.queries.rdv_status import display_of, status_display
from planning.queries.rdv_told_change import told_of
from planning.rules.status import CANCELLED
from planning.services.agenda_busy import AgendaBusy
from planning.services.rdv_status import coming_back, set_rdv_status
from planning.views.agent_space import open_rdv, require_agent
from planning.views.rdv_detail import render_rdv
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpResponse, HttpResponseRedirect

    from planning.models import Rdv
    from rdv.common.http import Request


@require_POST
def rdv_status(request: Request, rdv_uuid: UUID) -> HttpResponse:
    now = timezone.now()
    form = RdvStatusForm(request.POST)
    wanted = request.POST.get("status")
    permission = Permission.RDV_CANCEL if wanted in CANCELLED else Permission.RDV_EDIT
    rdv = open_rdv(request, rdvs_in_full, permission, rdv_uuid, now=now)
    if not form.is_valid():
        return render_rdv(request, rdv, now=now, error=_("Ce statut n’existe pas."))
    data = form.cleaned_data
    if _is_told(rdv, data["status"], now) and not data["confirmed"]:
        return _confirm(request, rdv, form, now=now)
    try:
        set_rdv_status(
            rdv_id=rdv.pk,
            status=data["status"],
            actor=require_agent(request),
            now=now,
            notifies=not data["keeps_silent"],
            accepts_overlap=data["accepts_overlap"],
        )
    except AgendaBusy as refusal:
        return _confirm(request, rdv, form, now=now, busy=refusal)
    except DomainError as refusal:
        return render_rdv(request, rdv, now=now, error=refusal.message)
    messages.success(request, _success(data["status"]))
    return back(rdv, data["next"])


def _is_told(rdv: Rdv, status: str, now: datetime) -> bool:
    """Cancelling and restoring a RDV to come tell people: never by one click."""
    return rdv.starts_at > now and (status in CANCELLED) != rdv.is_cancelled


def _confirm(
    request: Request,
    rdv: Rdv,
    form: RdvStatusForm,
    *,
    now: datetime,
    busy: AgendaBusy | None = None,
) -> HttpResponse:
    restores = form.cleaned_data["status"] == Status.UNKNOWN
    if restores:
        people, staying = coming_back(rdv)
    else:
        people = [row for row in rdv.participations.all() if not row.is_cancelled]
        staying = []
    context = {
        "organisation": rdv.organisation,
        "menu": "agenda",
        "rdv": rdv,
        "person": None,
        "form": form,
        "wanted": status_display(form.cleaned_data["status"]),
        "restores": restores,
        "staying": staying,
        "busy": busy.message if busy else "",
        "status": display_of(rdv, now=now),
        "told": told_of(rdv, people, actor=require_agent(request), now=now),
        "has_begun": rdv.starts_at <= now,
    }
    return render(request, "planning/rdv_status.html", context, status=422 if busy else 200)


def _success(status: str) -> str:
    if status in CANCELLED:
        return _("Le RDV est annulé.")
    if status == Status.UNKNOWN:
        return _("Le RDV est rétabli : son statut est à renseigner.")
    label = str(status_display(status).label)
    return _("Statut enregistré : %(status)s.") % {"status": label.lower()}


def back(rdv: Rdv, wanted: str) -> HttpResponseRedirect:
    """Go where the button stood (the agenda, the list), else to the page of the RDV."""
    return redirect(wanted or reverse("planning:rdv_detail", args=[rdv.uuid]))
