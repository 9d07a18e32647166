"""The page of a RDV, for agents (E06)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from planning.policies import rdvs_for
from planning.queries.rdv_detail import history_of, participants_of, rdvs_in_full
from planning.queries.rdv_status import display_of
from planning.rules.cancellation import refusal_to_cancel
from planning.views.agent_space import colleagues, open_rdv

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_safe
def rdv_detail(request: Request, rdv_uuid: UUID) -> HttpResponse:
    now = timezone.now()
    rdv = open_rdv(request, rdvs_in_full, Permission.RDV_READ, rdv_uuid, now=now)
    may_cancel = rdvs_for(request.actor, Permission.RDV_CANCEL).filter(pk=rdv.pk).exists()
    refusal = refusal_to_cancel(
        status=rdv.status, starts_at=rdv.starts_at, by_usager=False, motif_allows=True, now=now
    )
    agendas = colleagues(request.actor, Permission.AGENDA_READ, rdv.organisation)
    context = {
        "organisation": rdv.organisation,
        "menu": "agenda",
        "rdv": rdv,
        "agenda_agent": agendas.filter(agent_rdvs__rdv=rdv).first(),
        "status": display_of(rdv, now=now),
        "participants": participants_of(rdv),
        "history": history_of(rdv),
        "has_cancel_button": may_cancel and refusal is None,
    }
    return render(request, "planning/rdv_detail.html", context)
