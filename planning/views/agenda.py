"""An agent's agenda: a list by day, which the calendar enhances (docs/adr/0009)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from planning.forms.agenda_state import DAY, LIST, WEEK, AgendaState, parse_state
from planning.queries.agenda import Days, agenda_of
from planning.queries.agenda_days import days_of
from planning.views.agent_space import agenda_owner, colleagues, open_organisation, record_look_at
from rdv.common.french import period_text

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Agent, Organisation
    from rdv.common.http import Request


@require_safe
def agenda(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """One's own agenda, or the list of those one may see; `?agent=` goes to a colleague's."""
    organisation = open_organisation(request, organisation_uuid, Permission.AGENDA_READ)
    if request.GET.get("agent"):
        agent = agenda_owner(request, organisation, request.GET["agent"])
        state = parse_state(request.GET, today=timezone.localdate())
        return redirect(f"{_url(organisation, agent)}?{state.query}")
    agents = colleagues(request.actor, Permission.AGENDA_READ, organisation)
    own = agents.filter(account=request.user).first()
    if own is None:
        context = {"organisation": organisation, "menu": "agenda", "agents": agents}
        return render(request, "planning/agenda_choice.html", context)
    return _page(request, organisation, own)


@require_safe
def agenda_of_colleague(
    request: Request, organisation_uuid: UUID, agent_uuid: UUID
) -> HttpResponse:
    organisation = open_organisation(request, organisation_uuid, Permission.AGENDA_READ)
    return _page(request, organisation, agenda_owner(request, organisation, agent_uuid))


def _page(request: Request, organisation: Organisation, agent: Agent) -> HttpResponse:
    now = timezone.now()
    state = parse_state(request.GET, today=timezone.localdate(now))
    days = Days(state.first, state.last, organisation.territoire)
    shown = agenda_of(agent, actor=request.actor, days=days, with_cancelled=state.with_cancelled)
    record_look_at(request, organisation, shown, agent, now)
    context = {
        "organisation": organisation,
        "menu": "agenda",
        "agent": agent,
        "is_own": agent.account_id == request.user.pk,
        "agents": colleagues(request.actor, Permission.AGENDA_READ, organisation),
        "state": state,
        "has_default_view": "vue" not in request.GET,
        "period": period_text(state.first, state.last),
        "days": days_of(shown, now=now),
        "feed_url": reverse("planning:agenda_feed", args=[organisation.uuid, agent.uuid]),
        "links": _links(_url(organisation, agent), state),
    }
    return render(request, "planning/agenda.html", context)


def _url(organisation: Organisation, agent: Agent) -> str:
    return reverse("planning:agenda_of", args=[organisation.uuid, agent.uuid])


def _links(url: str, state: AgendaState) -> dict[str, object]:
    """Return the toolbar: every link says the whole state, so that it can be shared."""

    def to(target: AgendaState) -> str:
        return f"{url}?{target.query}"

    by_day = state.view == DAY
    today = timezone.localdate()
    return {
        "previous": (
            _("Jour précédent") if by_day else _("Semaine précédente"),
            to(state.moved(-1)),
        ),
        "next": (_("Jour suivant") if by_day else _("Semaine suivante"), to(state.moved(1))),
        "today": to(state.at(today)),
        "is_today": state.first <= today <= state.last,
        "day_view": to(state.viewed(DAY)),
        "views": [
            (label, to(state.viewed(view)), view == state.view)
            for label, view in ((_("Jour"), DAY), (_("Semaine"), WEEK), (_("Liste"), LIST))
        ],
        "cancelled": to(state.toggled()),
    }
