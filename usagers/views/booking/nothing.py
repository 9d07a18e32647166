"""What the journey answers when it cannot go on: gone, suspended, nothing free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from planning.queries.waiting_list import waits_online
from usagers.views.booking.follow_up import nobody_follows

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from usagers.views.booking.journey import Journey


def not_offered(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Answer to a link that leads to nothing any more: who to call, and a way back."""
    if journey.follow_up and not journey.motifs:
        return nobody_follows(request, journey, status=404)
    context = {"journey": journey, "contact": journey.contact}
    if journey.suspension:
        return render(request, "usagers/booking/suspended.html", context)
    return render(request, "usagers/booking/not_offered.html", context, status=404)


def nothing_free(
    request: HttpRequest, journey: Journey, step: str, *, refusal: str = ""
) -> HttpResponse:
    """Say that nothing is free, whom to call, and where else to look (A09)."""
    if journey.follow_up:
        return nobody_follows(request, journey)
    if step == "search" and journey.suspension:
        return not_offered(request, journey)
    context = {
        "journey": journey,
        "contact": journey.contact,
        "step": step,
        "refusal": refusal,
        "places": journey.places if step == "slot" else [],
        "place": journey.place if step == "slot" else None,
        "has_waiting_list": step in {"lieu", "slot"}
        and any(waits_online(place.motif) for place in journey.places),
    }
    status = 409 if refusal else 200
    return render(request, "usagers/booking/nothing_free.html", context, status=status)
