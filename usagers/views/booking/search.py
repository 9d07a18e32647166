"""First screen of the journey: the services of an organisation or of a territoire (A01, A02)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from usagers.views.booking.follow_up import asks_who_follows
from usagers.views.booking.journey import load_journey
from usagers.views.booking.nothing import nothing_free

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
@require_safe
@asks_who_follows
def booking_search(request: HttpRequest, **entry: str) -> HttpResponse:
    journey = load_journey(request, **entry)
    if not journey.motifs:
        return nothing_free(request, journey, "search")
    if len(journey.services) == 1:
        return redirect(journey.url("motif", service=journey.services[0].code))
    services = [
        (service, journey.url("motif", service=service.code)) for service in journey.services
    ]
    context = {"journey": journey, "steps": journey.steps("search"), "services": services}
    return render(request, "usagers/booking/search.html", context)
