"""Nobody comes to the last pages without a créneau, or a session, that is still offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from usagers.services.booking_draft_save import Choice
from usagers.views.booking.booker import Booker
from usagers.views.booking.chosen import since
from usagers.views.booking.nothing import not_offered
from usagers.views.booking.restriction import ask_to_read
from usagers.views.booking.workshop import workshop_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request
    from usagers.views.booking.journey import Journey


def booker_at(
    request: Request, journey: Journey, *, signed: str, step: str = "identity"
) -> Booker | HttpResponse:
    """Return who stands before what the URL says, or the page that sends them back.

    `signed` says since when this créneau is before them (decision 18).
    """
    is_collective = journey.choice is not None and journey.choice.is_collective
    place = journey.place
    if place is None:
        return _nowhere(request, journey, is_collective=is_collective)
    if journey.persons is None:
        return redirect(journey.persons_url)
    if is_collective and not journey.has_accepted:
        return ask_to_read(request, journey, place, step)
    starts_at = journey.workshop.rdv.starts_at if journey.workshop else journey.starts_at
    if not journey.has_accepted or starts_at is None:
        if journey.is_prescribed and starts_at is None:
            _explain(request)
        return redirect(journey.url("slot"))
    choice = Choice(
        place.motif.pk,
        place.lieu.pk if place.lieu else None,
        starts_at,
        journey.now,
        journey.persons,
        journey.workshop.rdv.pk if journey.workshop else None,
        tuple(sorted(journey.sector_ids)),
    )
    booker = Booker(request, journey, place, since(signed, choice))
    if booker.is_full:
        return workshop_page(request, journey, refusal=Booker.gone())
    return booker


def _nowhere(request: Request, journey: Journey, *, is_collective: bool) -> HttpResponse:
    if is_collective:
        return workshop_page(request, journey, refusal=Booker.gone())
    if journey.is_prescribed and not journey.params.get("motif"):
        _explain(request)
        return redirect(journey.search_url)
    return not_offered(request, journey)


def _explain(request: Request) -> None:
    messages.info(request, _("Choisissez d’abord une date : vos coordonnées viennent ensuite."))
