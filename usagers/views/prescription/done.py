"""The summary that a prescripteur prints; only the browser that booked opens it (B01)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from motifs.rules.contact import whom_to_call
from planning.queries.prescription import prescribed_rdv
from rdv.common.phones import is_mobile
from usagers.views.prescription.visit import done_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@login_not_required
@require_safe
def prescription_done(request: Request, rdv_uuid: UUID) -> HttpResponse:
    done = done_of(request, rdv_uuid)
    rdv = prescribed_rdv(rdv_uuid) if done else None
    if done is None or rdv is None:
        raise Http404
    organisation = rdv.organisation
    timezone.activate(organisation.territoire.zone)
    again = reverse("usagers:booking_organisation", args=[organisation.slug])
    context = {
        "done": done,
        "rdv": rdv,
        # As typed, whoever was found by it: nothing of the fiche is said.
        "is_told": rdv.motif.notifies_usagers and bool(done.email or is_mobile(done.phone_number)),
        "contact": whom_to_call(rdv.lieu, organisation, organisation.territoire),
        "again_url": f"{again}?prescripteur=1",
    }
    return render(request, "usagers/prescription/done.html", context)
