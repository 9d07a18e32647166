"""The page of a RDV, for agents (E06)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from planning.queries.rdv_acts import acts_of, may_open_visio
from planning.queries.rdv_detail import flags_of, history_of, participants_of, rdvs_in_full
from planning.queries.rdv_messages import message_lines
from planning.queries.rdv_status import display_of
from planning.queries.visio import visio_link
from planning.views.agent_space import colleagues, open_rdv
from usagers.queries.blocked_addresses import blocked_addresses, may_clear_in

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpResponse

    from planning.models import Rdv
    from rdv.common.http import Request


@require_safe
def rdv_detail(request: Request, rdv_uuid: UUID) -> HttpResponse:
    now = timezone.now()
    rdv = open_rdv(request, rdvs_in_full, Permission.RDV_READ, rdv_uuid, now=now)
    return render_rdv(request, rdv, now=now)


def render_rdv(request: Request, rdv: Rdv, *, now: datetime, error: str = "") -> HttpResponse:
    """Answer with the page; with `error`, what refused the act, and status 422."""
    acts = acts_of(rdv, actor=request.actor, now=now)
    blocked = blocked_addresses(*(row.usager for row in rdv.participations.all()))
    agendas = colleagues(request.actor, Permission.AGENDA_READ, rdv.organisation)
    context = {
        "organisation": rdv.organisation,
        "menu": "agenda",
        "rdv": rdv,
        "error": error,
        "agenda_agent": agendas.filter(agent_rdvs__rdv=rdv).first(),
        "status": display_of(rdv, now=now),
        "acts": acts,
        "flags": flags_of(rdv, actor=request.actor, now=now),
        "participants": participants_of(rdv, actor=request.actor, may_edit=acts.may_edit, now=now),
        "history": history_of(rdv),
        "message_lines": message_lines(rdv, blocked=blocked, may_edit=acts.may_edit, now=now),
        "blocked": blocked,
        "may_clear": may_clear_in(request.actor, rdv.organisation),
        "move_url": _url("planning:rdv_move", rdv.uuid) if acts.may_move else "",
        "copy_url": _url("planning:rdv_new", rdv.organisation.uuid) if acts.may_edit else "",
        "visio": _visio(request, rdv),
    }
    return render(request, "planning/rdv_detail.html", context, status=422 if error else 200)


def _url(name: str, *args: object) -> str:
    """Return the address, or "" while that screen does not exist."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _visio(request: Request, rdv: Rdv) -> str:
    if rdv.is_cancelled or not may_open_visio(rdv, request.actor):
        return ""
    return visio_link(rdv)
