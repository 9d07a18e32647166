"""What the steps of a RDV under preparation share."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from agents.permissions import Permission
from planning.policies import rdv_drafts_for
from planning.queries.rdv_draft import CONFIRM, DETAILS, MOTIF, USAGERS, Draft, read_draft
from planning.views.agent_space import open_organisation
from rdv.common.access import get_or_deny

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request

MINUTE = timedelta(minutes=1)
STEPS = (MOTIF, USAGERS, DETAILS, CONFIRM)


def open_draft(request: Request, organisation_uuid: UUID, draft_uuid: UUID) -> Draft:
    """Return the draft of this agent in this organisation; 404 for anybody else's."""
    organisation = open_organisation(request, organisation_uuid, Permission.RDV_CREATE)
    row = get_or_deny(
        rdv_drafts_for,
        request.actor,
        Permission.RDV_CREATE,
        uuid=draft_uuid,
        organisation=organisation,
    )
    return read_draft(row, actor=request.actor, organisation=organisation)


def already_booked(request: Request, draft: Draft) -> HttpResponse | None:
    """Return where a second click goes: the RDV that the first one created; else None."""
    if not draft.content.rdv:
        return None
    messages.info(request, _("Ce RDV est déjà créé."))
    return redirect("planning:rdv_detail", draft.content.rdv)


def to_step(draft: Draft, step: str = "") -> HttpResponse:
    """Go to `step`, by default the first one that lacks something."""
    return redirect(step_url(draft, step or draft.missing_step))


def step_url(draft: Draft, step: str) -> str:
    return reverse(f"planning:rdv_draft_{step}", args=[draft.organisation.uuid, draft.row.uuid])


def go_on(request: Request, draft: Draft) -> HttpResponse:
    """Read the draft again, since it has just changed, and go to what it lacks."""
    draft.row.refresh_from_db()
    return to_step(read_draft(draft.row, actor=request.actor, organisation=draft.organisation))


def step_context(draft: Draft, step: str, **extra: Any) -> dict[str, Any]:
    titles = {
        MOTIF: _("Motif du RDV"),
        USAGERS: _("Personnes"),
        DETAILS: _("Horaire, agents et lieu"),
        CONFIRM: _("Confirmation"),
    }
    number = STEPS.index(step) + 1
    starts_at, ends_at = draft.content.starts_at, draft.content.ends_at
    return {
        "organisation": draft.organisation,
        "menu": "agenda",
        "draft": draft,
        "minutes": (ends_at - starts_at) // MINUTE if starts_at and ends_at else None,
        "steps": {
            "number": number,
            "total": len(STEPS),
            "title": titles[step],
            "next": titles.get(_next_step(draft, step), ""),
        },
        **extra,
    }


def _next_step(draft: Draft, step: str) -> str:
    """Return where this step leads: what is already known is not asked again."""
    if step == MOTIF and not draft.usagers:
        return USAGERS
    if step in (MOTIF, USAGERS):
        return CONFIRM if draft.has_details else DETAILS
    return CONFIRM if step == DETAILS else ""
