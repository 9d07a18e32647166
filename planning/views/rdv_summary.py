"""A RDV at a glance, and its most frequent acts: the panel of the agenda, a page without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from planning.queries.rdv_acts import acts_of, arrival_is_open
from planning.queries.rdv_detail import rdvs_at_a_glance
from planning.queries.rdv_status import display_of
from planning.views.agent_space import open_rdv

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_safe
def rdv_summary(request: Request, rdv_uuid: UUID) -> HttpResponse:
    now = timezone.now()
    rdv = open_rdv(request, rdvs_at_a_glance, Permission.RDV_READ, rdv_uuid, now=now)
    acts = acts_of(rdv, actor=request.actor, now=now)
    context = {
        "organisation": rdv.organisation,
        "menu": "agenda",
        "rdv": rdv,
        "status": display_of(rdv, now=now),
        # Restoring tells people: its page says whom.
        "one_click": () if rdv.is_cancelled else acts.statuses,
        "may_move": acts.may_move,
        "expected": [
            row
            for row in rdv.participations.all()
            if arrival_is_open(rdv, row, may_edit=acts.may_edit, now=now)
        ],
    }
    return render(request, "planning/rdv_summary.html", context)
