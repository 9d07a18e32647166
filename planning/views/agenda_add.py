"""A time in an agenda, and what may be put there: a RDV, a plage, an indisponibilité (E01)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from planning.forms.agenda_add import DayHoursForm
from planning.forms.agenda_state import parse_day
from planning.views.agent_space import agenda_owner, colleagues, open_organisation

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request

MORNING = time(9)
USUAL_LENGTH = timedelta(minutes=30)


@require_safe
def agenda_add(request: Request, organisation_uuid: UUID, agent_uuid: UUID) -> HttpResponse:
    """`?jour=&debut=&fin=`; without hours, half an hour in the morning or from now on.

    `?agent=` goes to the same time of a colleague.
    """
    organisation = open_organisation(request, organisation_uuid, Permission.AGENDA_READ)
    agent = agenda_owner(request, organisation, request.GET.get("agent") or agent_uuid)
    if agent.uuid != agent_uuid:
        values = request.GET.copy()
        values.pop("agent")
        url = reverse("planning:agenda_add", args=[organisation.uuid, agent.uuid])
        return redirect(f"{url}?{values.urlencode()}")
    now = timezone.localtime()
    given = _usual(parse_day(request.GET.get("jour", "")) or now.date(), now)
    given |= {name: request.GET[name] for name in given if request.GET.get(name)}
    form = DayHoursForm(given)
    context = {
        "organisation": organisation,
        "menu": "agenda",
        "agent": agent,
        "agents": colleagues(request.actor, Permission.AGENDA_READ, organisation),
        "form": form,
        "period": form.period(organisation.territoire.zone) if form.is_valid() else None,
    }
    return render(request, "planning/agenda_add.html", context, status=422 if form.errors else 200)


def _usual(day: date, now: datetime) -> dict[str, str]:
    """Return the hours offered for a day: of a day under way, from its next half-hour on."""
    start = datetime.combine(day, MORNING)
    if day == now.date():
        past = timedelta(minutes=now.minute % 30, seconds=now.second, microseconds=now.microsecond)
        start = max(start, now.replace(tzinfo=None) - past + USUAL_LENGTH)
    if start.date() != day:
        start = datetime.combine(day, time(23, 30))
    end = start + USUAL_LENGTH
    return {
        "jour": day.isoformat(),
        "debut": start.strftime("%H:%M"),
        "fin": end.strftime("%H:%M"),
    }
