"""Step 3: when, with whom, where, and the note."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agents.permissions import AgentActor, Role
from planning.forms.rdv_details import ELSEWHERE, RdvDetailsForm, minutes_between
from planning.queries.rdv_draft import DETAILS, bookable_agents, likely_lieu, open_lieux
from planning.services.rdv_draft_save import change_rdv_draft
from planning.views.agent_space import require_agent
from planning.views.rdv_draft.page import (
    already_booked,
    go_on,
    open_draft,
    step_context,
    to_step,
)

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from motifs.models import Motif
    from planning.queries.rdv_draft import Draft
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def rdv_draft_details(request: Request, organisation_uuid: UUID, draft_uuid: UUID) -> HttpResponse:
    draft = open_draft(request, organisation_uuid, draft_uuid)
    booked = already_booked(request, draft)
    if booked:
        return booked
    if draft.motif is None:
        return to_step(draft)
    form = RdvDetailsForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(request, draft, draft.motif),
        motif=draft.motif,
        agents=bookable_agents(request.actor, draft.organisation),
        lieux=open_lieux(request.actor, draft.organisation),
    )
    if form.is_valid():
        changes = form.changes(draft.organisation.territoire.zone)
        change_rdv_draft(
            draft_id=draft.row.pk,
            actor=require_agent(request),
            now=timezone.now(),
            **changes,
            from_slot=draft.content.from_slot and _is_same_slot(draft, changes),
        )
        return go_on(request, draft)
    context = step_context(draft, DETAILS, form=form)
    status = 422 if form.errors else 200
    return render(request, "planning/rdv_draft/details.html", context, status=status)


def _is_same_slot(draft: Draft, changes: dict[str, Any]) -> bool:
    """Say whether the time is still that of the créneau: else it is placed by hand."""
    names = ("starts_at", "ends_at", "agents", "lieu")
    return all(getattr(draft.content, name) == changes[name] for name in names)


def _initial(request: Request, draft: Draft, motif: Motif) -> dict[str, Any]:
    content = draft.content
    initial: dict[str, Any] = {
        "duration": motif.duration_minutes,
        "agents": [agent.pk for agent in draft.agents] or _oneself(request, draft),
        "lieu": ELSEWHERE if content.lieu_name else (content.lieu or ""),
        "lieu_name": content.lieu_name,
        "lieu_address": content.lieu_address,
        "title": content.title,
        "seats_total": content.seats_total,
        "context": content.context,
    }
    if content.starts_at:
        start = timezone.localtime(content.starts_at)
        initial |= {"day": start.date(), "time": start.time()}
    if content.starts_at and content.ends_at:
        initial["duration"] = minutes_between(content.starts_at, content.ends_at)
        initial["lieu"] = initial["lieu"] or likely_lieu(
            request.actor,
            draft.organisation,
            agent_ids=tuple(initial["agents"]),
            starts_at=content.starts_at,
            ends_at=content.ends_at,
        )
    return initial


def _oneself(request: Request, draft: Draft) -> list[int]:
    """A secretary places RDVs for others; everybody else, most often for themselves."""
    actor = request.actor
    if not isinstance(actor, AgentActor):
        return []
    role = actor.roles.get(draft.organisation.pk)
    return [actor.agent_id] if role in (Role.BASIQUE, Role.ADMIN) else []
