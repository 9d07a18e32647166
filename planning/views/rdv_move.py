"""Move a RDV: old and new side by side, who is told, what is in the way; then one click (E01)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.forms.agenda_add import DayHoursForm
from planning.forms.rdv_move import RdvMoveForm
from planning.queries.rdv_detail import rdvs_in_full
from planning.queries.rdv_move import Target, changes_end_only, is_change, move_preview
from planning.rules.rdv_edition import refusal_to_change
from planning.services.agenda_busy import AgendaBusy
from planning.services.rdv_edit import move_rdv
from planning.views.agent_space import agenda_owner, open_rdv, require_agent
from rdv.common.errors import DomainError
from rdv.common.french import instant_text, time_text

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpResponse

    from agents.permissions import AgentActor
    from planning.models import Rdv
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def rdv_move(request: Request, rdv_uuid: UUID) -> HttpResponse:
    """`?jour=&debut=&fin=` in the zone of its territoire; `de` and `vers` when it changes hands."""
    now = timezone.now()
    actor = require_agent(request)
    rdv = open_rdv(request, rdvs_in_full, Permission.RDV_EDIT, rdv_uuid, now=now)
    hours = DayHoursForm(_given(request, rdv))
    form = RdvMoveForm(request.POST if request.method == "POST" else None)
    target = _target(request, rdv, hours) if hours.is_valid() else None
    if target and form.is_valid():
        try:
            _move(rdv, target, form, actor=actor, now=now)
        except AgendaBusy:
            form.add_error(
                "accepts_overlap", _("Cet horaire est pris. Cochez la case pour continuer.")
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("planning:rdv_detail", _moved(request, rdv, target).uuid)
    new_start = target.starts_at if target else rdv.starts_at
    context = {
        "organisation": rdv.organisation,
        "menu": "agenda",
        "rdv": rdv,
        "hours": hours,
        "form": form,
        "target": target if target and is_change(rdv, target) else None,
        "changes_end_only": target is not None and changes_end_only(rdv, target),
        "preview": move_preview(rdv, target, actor=actor, now=now) if target else None,
        "refusal": refusal_to_change(
            status=rdv.status, starts_at=rdv.starts_at, new_start=new_start, now=now
        ),
    }
    has_errors = bool(form.errors or hours.errors)
    return render(request, "planning/rdv_move.html", context, status=422 if has_errors else 200)


def _given(request: Request, rdv: Rdv) -> dict[str, str]:
    """Return what was asked; what is not said stays as it is."""
    zone = rdv.organisation.territoire.zone
    start, end = rdv.starts_at.astimezone(zone), rdv.ends_at.astimezone(zone)
    given = {
        "jour": start.date().isoformat(),
        "debut": start.strftime("%H:%M"),
        "fin": end.strftime("%H:%M"),
    }
    asked = request.POST if request.method == "POST" else request.GET
    return {name: asked.get(name) or value for name, value in given.items()}


def _target(request: Request, rdv: Rdv, hours: DayHoursForm) -> Target:
    """Return where it goes. 404 for agents who are not on it, or whose agenda is not to be seen."""
    starts_at, ends_at = hours.period(rdv.organisation.territoire.zone)
    asked = request.POST if request.method == "POST" else request.GET
    source, destination = asked.get("de"), asked.get("vers")
    if not (source and destination) or source == destination:
        return Target(starts_at, ends_at)
    present = {str(agent.uuid): agent for agent in rdv.agents.all()}
    joining = agenda_owner(request, rdv.organisation, destination)
    if source not in present or str(joining.uuid) in present:
        raise Http404
    return Target(starts_at, ends_at, leaving=present[source], joining=joining)


def _move(rdv: Rdv, target: Target, form: RdvMoveForm, *, actor: AgentActor, now: datetime) -> None:
    move_rdv(
        rdv_id=rdv.pk,
        starts_at=target.starts_at,
        ends_at=target.ends_at,
        actor=actor,
        now=now,
        agent_from_to=target.agent_from_to,
        notifies=not form.cleaned_data["keeps_silent"],
        accepts_overlap=form.cleaned_data["accepts_overlap"],
    )


def _moved(request: Request, rdv: Rdv, target: Target) -> Rdv:
    zone = rdv.organisation.territoire.zone
    if changes_end_only(rdv, target):
        time = time_text(target.ends_at.astimezone(zone))
        messages.success(request, _("Le RDV finit maintenant à %(time)s.") % {"time": time})
    else:
        instant = instant_text(target.starts_at.astimezone(zone))
        messages.success(request, _("Le RDV est déplacé au %(instant)s.") % {"instant": instant})
    return rdv
