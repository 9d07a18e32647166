"""The tab that a créneau of a frame opens: the ordinary journey takes the choices up (A10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.queries.public_directory import public_organisation, public_territoire
from rdv.common.languages import speak
from usagers.views.booking.handover import read_handover
from usagers.views.booking.journey import Journey

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from usagers.views.booking.handover import Handover


@login_not_required
@require_safe
def booking_resume(request: HttpRequest, state: str) -> HttpResponse:
    """Lead to the page of the créneau, which looks again at everything."""
    handover = read_handover(state)
    journey = _journey(handover) if handover else None
    if handover is None or journey is None:
        return render(request, "usagers/booking/resume.html", {"journey": None}, status=404)
    speak(request, handover.language)
    if handover.is_over:
        again = {"journey": journey, "again_url": journey.url("slot")}
        return render(request, "usagers/booking/resume.html", again, status=410)
    return redirect(journey.url(handover.step))


def _journey(handover: Handover) -> Journey | None:
    organisation = public_organisation(handover.organisation) if handover.organisation else None
    territoire = organisation.territoire if organisation else public_territoire(handover.territoire)
    if territoire is None:
        return None
    return Journey(territoire, organisation, handover.params, timezone.now())
