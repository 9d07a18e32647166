"""A RDV at a glance, and its most frequent acts: the panel of the agenda, a page without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from planning.policies import rdvs_for
from planning.queries.agenda_rdv import waiting_of
from planning.queries.rdv_detail import rdvs_at_a_glance
from planning.queries.rdv_status import display_of
from planning.rules.status import SEEN, UNKNOWN, Moment, next_statuses
from planning.views.agent_space import open_rdv
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_safe
def rdv_summary(request: Request, rdv_uuid: UUID) -> HttpResponse:
    now = timezone.now()
    rdv = open_rdv(request, rdvs_at_a_glance, Permission.RDV_READ, rdv_uuid, now=now)
    may_edit = rdvs_for(request.actor, Permission.RDV_EDIT).filter(pk=rdv.pk).exists()
    zone = rdv.organisation.territoire.zone
    moment = Moment(rdv.starts_at, local_day(rdv.starts_at, zone), now, local_day(now, zone))
    possible = next_statuses(rdv.status, moment=moment, is_collective=rdv.motif.is_collective)
    context = {
        "organisation": rdv.organisation,
        "menu": "agenda",
        "rdv": rdv,
        "status": display_of(rdv, now=now),
        "may_be_seen": may_edit and SEEN in possible,
        "may_move": may_edit and rdv.status == UNKNOWN,
        "waiting": waiting_of(rdv) if may_edit and moment.day == moment.today else [],
    }
    return render(request, "planning/rdv_summary.html", context)
