"""Agendas as JSON, for the calendar component: the same query as the page, one request for all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import HttpResponseBadRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from planning.forms.agenda_state import parse_day, parse_uuids
from planning.queries.agenda import MAX_DAYS, Days, agenda_of
from planning.queries.agenda_axis import axis_of
from planning.queries.agenda_choice import MAX_AGENTS, side_by_side
from planning.queries.agenda_events import events_of, resources_of
from planning.views.agent_space import agenda_owner, colleagues, open_organisation, record_look_at

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Agent, Organisation, Territoire
    from rdv.common.http import Request


@require_safe
@never_cache
def agenda_feed(request: Request, organisation_uuid: UUID, agent_uuid: UUID) -> HttpResponse:
    """`?start=&end=` are ISO days, the end excluded; without them, this week.

    `avec` may repeat: the agendas of colleagues, those that may be seen (30 with the first).
    """
    organisation = open_organisation(request, organisation_uuid, Permission.AGENDA_READ)
    days = _days(request, organisation.territoire)
    agents = _agents(request, organisation, agent_uuid)
    if days is None or len(agents) > MAX_AGENTS:
        return HttpResponseBadRequest()
    now = timezone.now()
    shown = agenda_of(
        agents,
        actor=request.actor,
        days=days,
        with_cancelled=request.GET.get("annules") == "1",
        with_names=False,
    )
    record_look_at(request, organisation, shown, now)
    axis = axis_of(shown, with_saturdays=request.GET.get("samedis") == "1")
    return JsonResponse(
        {
            "resources": resources_of(shown),
            "events": events_of(shown, organisation=organisation, now=now),
            "axis": {
                "firstHour": axis.first_hour,
                "lastHour": axis.last_hour,
                "hiddenDays": axis.hidden_weekdays,
                "slotMinutes": axis.slot_minutes,
            },
        }
    )


def _agents(request: Request, organisation: Organisation, owner_uuid: UUID) -> list[Agent]:
    """Return the owner, then those named beside, in one statement. Raises Http404."""
    wanted = parse_uuids(request.GET.getlist("avec"))
    visible = colleagues(request.actor, Permission.AGENDA_READ, organisation)
    named = list(visible.filter(uuid__in=[owner_uuid, *wanted[: MAX_AGENTS + 1]]))
    owner = next((agent for agent in named if agent.uuid == owner_uuid), None)
    if owner is None:
        owner = agenda_owner(request, organisation, owner_uuid)
    return side_by_side(owner, visible=named, equipes=(), wanted=wanted, wanted_equipes=())


def _days(request: Request, territoire: Territoire) -> Days | None:
    """Return the days asked, or None for nonsense and for more than the agenda shows."""
    start, end = request.GET.get("start"), request.GET.get("end")
    if start is None and end is None:
        today = timezone.localdate()
        monday = today - timedelta(days=today.weekday())
        return Days(monday, monday + timedelta(days=6), territoire)
    first, after = parse_day(start or ""), parse_day(end or "")
    if first is None or after is None or not 0 < (after - first).days <= MAX_DAYS:
        return None
    return Days(first, after - timedelta(days=1), territoire)
