"""« Trouver un RDV » (E04): criteria in the URL, then lieux, the week, or the workshops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from agents.services.audit_look import record_looks
from planning.forms.slot_search import WEEK_DAYS, Criteria, parse_criteria
from planning.queries.prescription_search import may_prescribe
from planning.queries.slot_draft import draft_of
from planning.queries.slot_lack import reasons_of
from planning.queries.slot_remedies import remedies_for
from planning.queries.slot_search import choices_for, chosen_motif, lieux_of, resolve
from planning.queries.slot_week import lieu_lines, next_of, week_of
from planning.queries.slot_workshops import workshops_of
from planning.views.agent_space import open_organisation
from rdv.common.french import period_text

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Organisation
    from motifs.models import Lieu
    from planning.queries.slot_draft import Draft
    from planning.queries.slot_search import Choices, Wanted
    from planning.queries.slot_week import Creneau, Day
    from rdv.common.http import Request

MEMORY = "slot_search"


@require_safe
def slot_search(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """Opened bare, the page comes back to the last criteria of this agent in this organisation.

    They are kept in the session, as the page one left would be: nothing else changes.
    """
    organisation = open_organisation(request, organisation_uuid, Permission.RDV_CREATE)
    now = timezone.now()
    memory = request.session.get(MEMORY, {})
    known = memory.get(str(organisation.uuid))
    if not request.GET and known:
        return redirect(f"{_url(organisation)}?{known}")
    criteria = parse_criteria(request.GET, today=timezone.localdate(now))
    draft = _draft(request, organisation, criteria)
    if draft and draft.is_over:  # created in another tab: what follows is another RDV
        return redirect(f"{_url(organisation)}?{criteria.remembered}")
    if draft and "motif" not in request.GET:
        criteria = draft.complete(criteria)
    if request.GET and not draft and criteria.remembered != known:
        request.session[MEMORY] = memory | {str(organisation.uuid): criteria.remembered}
    record_looks(
        action="slots_seen",
        object_kind="organisation",
        object_uuid=organisation.uuid,
        organisation_ids=[organisation.pk],
        actor=request.actor,
        now=now,
    )
    context = _context(request, organisation, criteria, draft, now)
    return render(request, "planning/slot_search.html", context)


def _draft(request: Request, organisation: Organisation, criteria: Criteria) -> Draft | None:
    """Return one's own draft in this organisation; anybody else's does not exist."""
    if not criteria.draft:
        return None
    draft = draft_of(request.actor, organisation, criteria.draft)
    if draft is None:
        raise Http404
    return draft


def _url(organisation: Organisation) -> str:
    return reverse("planning:slot_search", args=[organisation.uuid])


def _context(
    request: Request,
    organisation: Organisation,
    criteria: Criteria,
    draft: Draft | None,
    now: datetime,
) -> dict[str, Any]:
    choices = choices_for(request.actor, organisation, criteria)
    if criteria.service not in {service.code for service in choices.services}:
        criteria = criteria.of_service("")  # its last motif was archived since
    motif = chosen_motif(criteria, choices.motifs)
    context: dict[str, Any] = {
        "organisation": organisation,
        "menu": "slot_search",
        "criteria": criteria,
        "choices": choices,
        "motif": motif,
        "service": criteria.service or _only_service(choices),
        "today": timezone.localdate(now),
        "draft": draft,
        "chosen": _chosen(criteria, choices),
        "wanted": None,
        "may_prescribe": draft is None and may_prescribe(request.actor, organisation),
    }
    if motif is None:
        return context
    wanted = resolve(
        criteria.for_motif(str(motif.uuid)),
        choices,
        motif,
        now=now,
        usagers=draft.usagers if draft else (),
    )
    context["wanted"] = wanted
    return context | (_workshops if motif.is_collective else _times)(request, wanted)


def _only_service(choices: Choices) -> str:
    services = choices.services
    return services[0].code if len(services) == 1 else ""


def _chosen(criteria: Criteria, choices: Choices) -> list[str]:
    """Return the names that the closed list of details sums up."""
    return [
        *(c.equipe.name for c in choices.equipes if str(c.equipe.uuid) in criteria.equipes),
        *(agent.full_name for agent in choices.agents if str(agent.uuid) in criteria.agents),
        *(lieu.name for lieu in choices.lieux if str(lieu.uuid) in criteria.lieux),
    ]


def _workshops(request: Request, wanted: Wanted) -> dict[str, Any]:
    criteria = wanted.criteria
    return {
        "view": "workshops",
        "workshops": workshops_of(wanted, request.actor),
        "wider_url": f"?{criteria.without_agents().without_lieux().query}",
    }


def _times(request: Request, wanted: Wanted) -> dict[str, Any]:
    """Several lieux: their list. One, or none needed: its week. Nothing anywhere: why."""
    lieux = lieux_of(wanted) if wanted.motif.requires_lieu else []
    if len(lieux) > 1:
        lines = lieu_lines(wanted, lieux)
        if lines[0].starts_at:
            return {"view": "lieux", "lines": [(line, _lieu_url(wanted, line)) for line in lines]}
        return _nothing(request, wanted)
    days = week_of(wanted, today=timezone.localdate(wanted.now))
    if any(day.creneaux for day in days):
        return _week(wanted, days, lieux[0] if lieux else None)
    following = next_of(wanted)
    if following is None:
        return _nothing(request, wanted)
    return _week(wanted, days, lieux[0] if lieux else None) | {
        "following": following[0],
        "following_url": f"?{wanted.criteria.at(following[0].date()).query}",
    }


def _lieu_url(wanted: Wanted, line: Any) -> str:
    """Lead to the week that holds something, so that nobody lands on an empty one."""
    criteria, day = wanted.criteria, wanted.criteria.day
    if line.starts_at and (line.starts_at.date() - day).days >= WEEK_DAYS:
        day = line.starts_at.date()
    return f"?{criteria.at_lieu(str(line.lieu.uuid), day).query}"


def _week(wanted: Wanted, days: list[Day], lieu: Lieu | None) -> dict[str, Any]:
    criteria, today = wanted.criteria, timezone.localdate(wanted.now)
    before = max(criteria.moved(-1).day, today)
    return {
        "view": "week",
        "lieu": lieu,
        "days": days,
        "period": period_text(days[0].day, days[-1].day),
        "moment": _moment(criteria, days),
        "week_url": f"?{criteria.at_moment('').query}",
        "lieux_url": f"?{criteria.without_lieux().query}" if criteria.lieux else "",
        "before_url": f"?{criteria.at(before).query}" if criteria.day > today else "",
        "after_url": f"?{criteria.moved(1).query}",
        "following": None,
    }


def _moment(criteria: Criteria, days: list[Day]) -> Creneau | None:
    """Return the start whose agents are all listed; one that is gone is simply the week."""
    if not criteria.moment:
        return None
    times = (creneau for day in days for creneau in day.creneaux)
    return next((creneau for creneau in times if creneau.key == criteria.moment), None)


def _nothing(request: Request, wanted: Wanted) -> dict[str, Any]:
    reasons = reasons_of(wanted)
    criteria = wanted.criteria
    remedies = remedies_for(wanted, reasons, request.actor)
    return {
        "view": "nothing",
        "reasons": reasons,
        "remedies": remedies,
        "without_agents_url": f"?{criteria.without_agents().query}",
        "without_lieux_url": f"?{criteria.without_lieux().query}",
        "without_both_url": f"?{criteria.without_agents().without_lieux().query}",
        "later_url": f"?{criteria.at(remedies.later.date()).query}" if remedies.later else "",
    }
