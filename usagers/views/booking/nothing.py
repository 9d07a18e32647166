"""What the journey answers when it cannot go on: gone, suspended, nothing free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render

from motifs.rules.contact import whom_to_call
from planning.queries.waiting_list import waits_online
from usagers.views.booking.follow_up import nobody_follows

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from usagers.views.booking.journey import Journey


def not_offered(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Answer to a link that leads to nothing any more: who to call, and a way back.

    Or to an address: one that is not known yet, or that nobody receives (G15).
    """
    if journey.follow_up and not journey.motifs:
        return nobody_follows(request, journey, status=404)
    if journey.is_sectorised and journey.sectors is None:
        return redirect(journey.sector_url)
    if journey.asked and journey.choice is None:
        return out_of_sector(request, journey)
    context = {"journey": journey, "contact": journey.contact}
    if journey.suspension:
        return render(request, "usagers/booking/suspended.html", context)
    return render(request, "usagers/booking/not_offered.html", context, status=404)


def out_of_sector(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Say that nobody receives for this at that address, and whom to call."""
    motifs = journey.asked.motifs if journey.asked else ()
    places = {motif.organisation_id: motif.organisation for motif in motifs}
    reached = [whom_to_call(row, journey.territoire) for row in places.values()]
    contacts = [journey.contact] if journey.contact.name else reached
    context = {"journey": journey, "contacts": contacts}
    return render(request, "usagers/booking/out_of_sector.html", context)


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
