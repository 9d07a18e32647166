"""Agents' agendas: a list by day, which grids and a calendar enhance (docs/adr/0009)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from planning.forms.agenda_state import (
    DAY,
    LIST,
    MONTH,
    WEEK,
    AgendaState,
    Defaults,
    parse_state,
    parse_uuids,
)
from planning.queries.agenda import Agenda, Days, agenda_of
from planning.queries.agenda_choice import MAX_AGENTS, equipe_choices, side_by_side
from planning.queries.agenda_days import board_of, days_of, weeks_of
from planning.views.agent_space import agenda_owner, colleagues, open_organisation, record_look_at
from rdv.common.french import month_text, period_text

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Agent, Organisation
    from rdv.common.http import Request


@require_safe
def agenda(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """One's own agenda, or the list of those one may see; `?agent=` goes to those chosen."""
    organisation = open_organisation(request, organisation_uuid, Permission.AGENDA_READ)
    agents = colleagues(request.actor, Permission.AGENDA_READ, organisation)
    own = agents.filter(account=request.user).first()
    if request.GET.get("agent") or request.GET.get("equipe"):
        return _to_chosen(request, organisation, own)
    if own is None:
        context = {"organisation": organisation, "menu": "agenda", "agents": agents}
        return render(request, "planning/agenda_choice.html", context)
    return _page(request, organisation, own)


def _to_chosen(request: Request, organisation: Organisation, own: Agent | None) -> HttpResponse:
    """Go to the page of the first agent chosen, oneself before the others, with the rest beside."""
    chosen = [uuid for uuid in request.GET.getlist("agent") if uuid]
    if own and (not chosen or str(own.uuid) in chosen):
        chosen = [str(own.uuid), *chosen]
    if not chosen:  # an équipe, for who has no agenda here
        visible = list(colleagues(request.actor, Permission.AGENDA_READ, organisation))
        wanted = parse_uuids(request.GET.getlist("equipe"))
        teams = [e for e in equipe_choices(organisation, visible) if e.equipe.uuid in wanted]
        chosen = [str(agent.uuid) for team in teams[:1] for agent in team.agents]
    first = agenda_owner(request, organisation, chosen[0] if chosen else "")
    others = tuple(uuid for uuid in parse_uuids(chosen) if uuid != first.uuid)
    state = _state(request, timezone.now()).beside(others)
    return redirect(f"{_url(organisation, first)}?{state.query}")


@require_safe
def agenda_of_colleague(
    request: Request, organisation_uuid: UUID, agent_uuid: UUID
) -> HttpResponse:
    organisation = open_organisation(request, organisation_uuid, Permission.AGENDA_READ)
    return _page(request, organisation, agenda_owner(request, organisation, agent_uuid))


def _state(request: Request, now: datetime) -> AgendaState:
    agent = request.user.agent
    defaults = Defaults(agent.agenda_view, agent.shows_saturdays, agent.shows_cancelled)
    return parse_state(request.GET, today=timezone.localdate(now), defaults=defaults)


def _page(request: Request, organisation: Organisation, agent: Agent) -> HttpResponse:
    now = timezone.now()
    state = _state(request, now)
    visible = list(colleagues(request.actor, Permission.AGENDA_READ, organisation))
    equipes = equipe_choices(organisation, visible)
    chosen = side_by_side(
        agent,
        visible=visible,
        equipes=equipes,
        wanted=state.others,
        wanted_equipes=state.equipes,
    )
    state = state.beside(tuple(one.uuid for one in chosen[1:] if one.uuid in state.others))
    shown = agenda_of(
        chosen[:MAX_AGENTS],
        actor=request.actor,
        days=Days(state.first, state.last, organisation.territoire),
        with_cancelled=state.with_cancelled,
    )
    record_look_at(request, organisation, shown, now)
    context = {
        "organisation": organisation,
        "menu": "agenda",
        "agent": agent,
        "is_own": agent.account_id == request.user.pk,
        "shown": shown,
        "left_out": chosen[MAX_AGENTS:],
        "agents": visible,
        "equipes": equipes,
        "state": state,
        "has_default_view": "vue" not in request.GET,
        "is_usual_view": state.view == request.user.agent.agenda_view,
        "period": _period(state),
        "feed_url": _feed_url(organisation, shown),
        "links": _links(_url(organisation, agent), state, timezone.localdate(now)),
        **_layout(shown, state, now),
    }
    return render(request, "planning/agenda.html", context)


def _layout(shown: Agenda, state: AgendaState, now: datetime) -> dict[str, Any]:
    """Return the days in the shape of the view: the weeks of a month, a board, a list."""
    saturdays = state.with_saturdays
    if state.view == MONTH:
        return {"weeks": weeks_of(shown, now=now, with_saturdays=saturdays)}
    layout: dict[str, Any] = {"days": days_of(shown, now=now, with_saturdays=saturdays)}
    if state.view == WEEK and shown.is_shared:
        layout["board"] = board_of(shown, now=now, with_saturdays=saturdays)
    return layout


def _url(organisation: Organisation, agent: Agent) -> str:
    return reverse("planning:agenda_of", args=[organisation.uuid, agent.uuid])


def _feed_url(organisation: Organisation, shown: Agenda) -> str:
    first, *others = shown.agents
    url = reverse("planning:agenda_feed", args=[organisation.uuid, first.uuid])
    return f"{url}?{'&'.join(f'avec={agent.uuid}' for agent in others)}" if others else url


def _period(state: AgendaState) -> str:
    return month_text(state.day) if state.view == MONTH else period_text(state.first, state.last)


def _links(url: str, state: AgendaState, today: date) -> dict[str, object]:
    """Return the toolbar: every link says the whole state, so that it can be shared."""

    def to(target: AgendaState) -> str:
        return f"{url}?{target.query}"

    previous, following = {
        DAY: (_("Jour précédent"), _("Jour suivant")),
        MONTH: (_("Mois précédent"), _("Mois suivant")),
    }.get(state.view, (_("Semaine précédente"), _("Semaine suivante")))
    views = ((_("Jour"), DAY), (_("Semaine"), WEEK), (_("Mois"), MONTH), (_("Liste"), LIST))
    return {
        "previous": (previous, to(state.moved(-1))),
        "next": (following, to(state.moved(1))),
        "today": to(state.at(today)),
        "is_today": state.first <= today <= state.last,
        "day_view": to(state.viewed(DAY)),
        "day_base": f"{url}?{state.viewed(DAY).query_without_day}",
        "alone": to(state.alone()),
        "views": [(label, to(state.viewed(view)), view == state.view) for label, view in views],
    }
