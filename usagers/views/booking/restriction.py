"""What must be read and accepted before, for every mode and every direct link (A03)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from usagers.forms.booking_restriction import BookingRestrictionForm
from usagers.views.booking.journey_links import PARAMS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from usagers.views.booking.journey import Journey
    from usagers.views.booking.offer import Place


def ask_to_read(request: HttpRequest, journey: Journey, place: Place, step: str) -> HttpResponse:
    """Show the conditions. The answer travels in the URL, so that the page can be shared."""
    answered = "lu" in request.GET
    form = BookingRestrictionForm(request.GET if answered else None)
    names = [name for name in PARAMS[step] if name != "accepte"]
    context = {
        "journey": journey,
        "place": place,
        "steps": journey.steps(step),
        "form": form,
        "kept": [(name, journey.params[name]) for name in names if name in journey.params],
    }
    status = 422 if form.errors else 200
    return render(request, "usagers/booking/restriction.html", context, status=status)
