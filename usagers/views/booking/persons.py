"""How many come together: the créneaux are searched for that length (decision 24)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from usagers.views.booking.follow_up import asks_who_follows
from usagers.views.booking.journey import load_journey
from usagers.views.booking.nothing import not_offered

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
@require_safe
@asks_who_follows
def booking_persons(request: HttpRequest, **entry: str) -> HttpResponse:
    journey = load_journey(request, **entry)
    choice = journey.choice
    if choice is None:
        if not journey.params.get("motif"):
            return redirect(journey.motif_url)
        return not_offered(request, journey)
    if choice.most_persons == 1:
        return redirect(journey.lieu_url)
    # Motifs of one name may differ in length from one organisation to another.
    minutes = choice.motifs[0].duration_minutes
    # Who comes back to change the number keeps the place.
    following = "slot" if journey.params.get("lieu") or journey.params.get("structure") else "lieu"
    counts = [
        (count, minutes * count, journey.url(following, personnes=str(count)))
        for count in range(1, choice.most_persons + 1)
    ]
    context = {"journey": journey, "steps": journey.steps("persons"), "counts": counts}
    return render(request, "usagers/booking/persons.html", context)
