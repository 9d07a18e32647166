"""A page to print and hand over, for somebody whom no message reaches (C08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from motifs.rules.contact import whom_to_call
from planning.queries.rdv_detail import rdvs_at_a_glance
from planning.views.agent_space import open_rdv

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from planning.models import Participation, Rdv
    from rdv.common.http import Request


@require_safe
def convocation(request: Request, rdv_uuid: UUID) -> HttpResponse:
    """One sheet a person, so that nobody reads who else comes; `?pour=` asks for one of them.

    Nobody is called to what is cancelled: 404.
    """
    now = timezone.now()
    rdv = open_rdv(request, rdvs_at_a_glance, Permission.RDV_READ, rdv_uuid, now=now)
    people = _people(rdv, request.GET.get("pour", ""))
    if rdv.is_cancelled or not people:
        raise Http404
    context = {
        "rdv": rdv,
        "organisation": rdv.organisation,
        "people": people,
        "contact": whom_to_call(rdv.lieu, rdv.organisation, rdv.organisation.territoire),
        "now": now,
    }
    return render(request, "planning/convocation.html", context)


def _people(rdv: Rdv, asked: str) -> list[Participation]:
    people = [row for row in rdv.participations.all() if not row.is_cancelled]
    return [row for row in people if str(row.uuid) == asked] if asked else people
