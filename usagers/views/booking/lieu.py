"""Where, or with which organisation when nobody comes on site; soonest first (A02)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from planning.queries.public_slots import next_times
from usagers.views.booking.follow_up import asks_who_follows
from usagers.views.booking.journey import load_journey
from usagers.views.booking.nothing import not_offered, nothing_free
from usagers.views.booking.visitor import count_search

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
@require_safe
@asks_who_follows
def booking_lieu(request: HttpRequest, **entry: str) -> HttpResponse:
    count_search(request)
    journey = load_journey(request, **entry)
    if journey.choice is None:
        if not journey.params.get("motif"):
            return redirect(journey.url("motif"))
        return not_offered(request, journey)
    if journey.choice.is_collective:
        return redirect(journey.workshop_url)
    if journey.persons is None:
        return redirect(journey.persons_url)
    if len(journey.places) == 1:
        return redirect(journey.place_url("slot", journey.places[0]))
    times = next_times(
        [(place.motif, place.lieu) for place in journey.places],
        now=journey.now,
        **journey.who,
    )
    rows = [
        (place, times.get((place.motif.pk, place.lieu.pk if place.lieu else None)))
        for place in journey.places
    ]
    free = sorted(
        ((place, at) for place, at in rows if at),
        key=lambda row: (row[1], str(row[0].lieu or row[0].motif.organisation)),
    )
    if not free:
        return nothing_free(request, journey, "lieu")
    context = {
        "journey": journey,
        "steps": journey.steps("lieu"),
        "free": [(place, at, journey.place_url("slot", place)) for place, at in free],
        "full": [place for place, at in rows if not at],
    }
    return render(request, "usagers/booking/lieu.html", context)
