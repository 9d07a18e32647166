"""One RDV, as the citizen who comes sees it (A08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from notifications.messages.facts import ics_for_usager
from planning.queries.visio import visio_link
from usagers.views.espace.access import own_rdv, rdv_context, usager_required

if TYPE_CHECKING:
    from uuid import UUID

    from planning.models import Rdv
    from rdv.common.http import Request


@usager_required
@require_safe
def rdv_detail(request: Request, rdv_uuid: UUID) -> HttpResponse:
    rdv = own_rdv(request, Permission.RDV_READ, rdv_uuid)
    return render(request, "usagers/espace/rdv_detail.html", rdv_context(rdv, now=timezone.now()))


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
