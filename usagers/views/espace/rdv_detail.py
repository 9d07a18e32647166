"""One RDV, as the citizen who comes sees it (A08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from notifications.messages.facts import ics_for_usager
from planning.queries.rdv_change_person import may_change_person, may_return
from planning.queries.rdv_move_by_usager import refusal_to_move
from planning.queries.visio import visio_link
from planning.queries.waiting_list import switch_of
from usagers.views.espace.access import own_rdv, rdv_context, usager_required

if TYPE_CHECKING:
    from uuid import UUID

    from planning.models import Rdv
    from rdv.common.http import Request


@usager_required
@require_safe
def rdv_detail(request: Request, rdv_uuid: UUID) -> HttpResponse:
    rdv = own_rdv(request, Permission.RDV_READ, rdv_uuid)
    now = timezone.now()
    context = rdv_context(rdv, now=now) | {
        "can_move": refusal_to_move(rdv, actor=request.actor, now=now) is None,
        "can_change_person": may_change_person(rdv, now=now),
        "waiting": switch_of(rdv, actor=request.actor, now=now),
        "can_return": may_return(rdv, now=now),
    }
    return render(request, "usagers/espace/rdv_detail.html", context)


@usager_required
@require_safe
def rdv_ics(request: Request, rdv_uuid: UUID) -> HttpResponse:
    return ics_response(own_rdv(request, Permission.RDV_READ, rdv_uuid))


def ics_response(rdv: Rdv) -> HttpResponse:
    """Return the calendar file. Its title never says what the RDV is about (decision 31)."""
    text = ics_for_usager(
        rdv,
        method="CANCEL" if rdv.is_cancelled else "PUBLISH",
        now=timezone.now(),
        visio_url="" if rdv.is_cancelled else visio_link(rdv),
    )
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rendez-vous.ics"'
    return response
