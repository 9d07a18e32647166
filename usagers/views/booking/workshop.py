"""The sessions of a collective rendez-vous: date, place, seats left (E07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from usagers.views.booking.follow_up import asks_who_follows
from usagers.views.booking.journey import Journey, load_journey
from usagers.views.booking.nothing import not_offered, nothing_free

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from planning.queries.public_workshops import PublicWorkshop


@login_not_required
@require_safe
@asks_who_follows
def booking_workshop(request: HttpRequest, **entry: str) -> HttpResponse:
    journey = load_journey(request, **entry)
    if journey.choice is None:
        if not journey.params.get("motif"):
            return redirect(journey.motif_url)
        return not_offered(request, journey)
    if not journey.choice.is_collective:
        return redirect(journey.lieu_url)
    return workshop_page(request, journey)


def workshop_page(request: HttpRequest, journey: Journey, *, refusal: str = "") -> HttpResponse:
    """Show the sessions; 409 with `refusal` when the one that was chosen cannot be joined."""
    sessions = journey.workshops
    if not any(not session.seats.is_full for session in sessions):
        return nothing_free(request, journey, "workshop", refusal=refusal)
    rows = [
        (session, "" if session.seats.is_full else _url(journey, session)) for session in sessions
    ]
    context = {
        "journey": journey,
        "steps": journey.steps("workshop"),
        "rows": rows,
        "refusal": refusal,
        "contact": journey.contact,
    }
    status = 409 if refusal else 200
    return render(request, "usagers/booking/workshop.html", context, status=status)


def _url(journey: Journey, session: PublicWorkshop) -> str:
    return journey.url(journey.who_step, atelier=str(session.rdv.uuid), accepte="")
