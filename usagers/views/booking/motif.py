"""What the RDV is for (A02)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from usagers.views.booking.follow_up import asks_who_follows
from usagers.views.booking.journey import load_journey
from usagers.views.booking.nothing import not_offered, nothing_free

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
@require_safe
@asks_who_follows
def booking_motif(request: HttpRequest, **entry: str) -> HttpResponse:
    journey = load_journey(request, **entry)
    if not journey.motifs:
        return nothing_free(request, journey, "search")
    if journey.service is None:
        if not journey.params.get("service"):
            return redirect(journey.url("search"))
        return not_offered(request, journey)
    choices = [
        (choice, journey.url("lieu", service=journey.service.code, motif=choice.key))
        for choice in journey.choices
    ]
    context = {"journey": journey, "steps": journey.steps("motif"), "choices": choices}
    return render(request, "usagers/booking/motif.html", context)
