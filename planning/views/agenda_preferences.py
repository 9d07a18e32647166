"""What the agenda's toolbar switches, kept for next time; the URL keeps the rest of the page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from agents.permissions import Permission
from agents.services.profile import AgendaFields, update_own_agent
from planning.forms.agenda_state import parse_state
from planning.views.agent_space import agenda_owner, open_organisation

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_POST
def agenda_preferences(request: Request, organisation_uuid: UUID, agent_uuid: UUID) -> HttpResponse:
    """`garder`: "annules" or "samedis" switch and are kept, "vue" keeps the view of the page."""
    organisation = open_organisation(request, organisation_uuid, Permission.AGENDA_READ)
    agent = agenda_owner(request, organisation, agent_uuid)
    now = timezone.now()
    state = parse_state(request.POST, today=timezone.localdate(now))
    me, kept = request.user.agent, request.POST.get("garder")
    if kept == "annules":
        state = replace(state, with_cancelled=not state.with_cancelled)
    elif kept == "samedis":
        state = replace(state, with_saturdays=not state.with_saturdays)
    if kept in {"annules", "samedis", "vue"}:
        fields = AgendaFields(
            agenda_view=state.view if kept == "vue" else me.agenda_view,
            shows_saturdays=state.with_saturdays if kept == "samedis" else me.shows_saturdays,
            shows_cancelled=state.with_cancelled if kept == "annules" else me.shows_cancelled,
        )
        update_own_agent(fields=fields, actor=request.actor, now=now)
    url = reverse("planning:agenda_of", args=[organisation.uuid, agent.uuid])
    return redirect(f"{url}?{state.query}")
