"""« Votre adresse »: who receives somebody depends on where they live (G15, docs/adr/0020).

The URL then says the sectors, by their random identifiers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from agents.permissions import UsagerActor
from rdv.common.rate_limits import Limit, count
from usagers.forms.address_answer import AddressQuestion
from usagers.forms.booking_address import OF_SOMEBODY, PUBLIC
from usagers.queries.signed_in import fiche_for
from usagers.views.booking.follow_up import asks_who_follows
from usagers.views.booking.journey import Journey, load_journey
from usagers.views.booking.nothing import not_offered

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request
    from usagers.forms.address_answer import AddressAnswer

# Generous: a whole town hall shares one address. It keeps us far below the limit of the service.
PER_IP = Limit("address-ip", times=300, seconds=3600)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@asks_who_follows
def booking_sector(request: Request, **entry: str) -> HttpResponse:
    journey = load_journey(request, **entry)
    if journey.asked is None:
        if not journey.params.get("motif"):
            return redirect(journey.motif_url)
        return not_offered(request, journey)
    if not journey.is_sectorised:
        return redirect(journey.lieu_url)
    ip = get_adapter(request).get_client_ip(request)
    question = AddressQuestion(
        journey.territoire,
        counts=lambda: count(PER_IP, ip),
        forms=OF_SOMEBODY if journey.is_prescribed else PUBLIC,
    )
    if request.method != "POST":
        return _page(request, journey, question.blank(_own_address(request, journey)))
    answer = question.answer(request.POST)
    if answer.word:
        return redirect(journey.url("lieu", secteur=answer.word))
    return _page(request, journey, answer)


def _own_address(request: Request, journey: Journey) -> str:
    """Return the address of who is signed in and books for themselves, to be confirmed."""
    actor = request.actor
    # A lazy object: isinstance() looks through it.
    if journey.is_prescribed or not isinstance(actor, UsagerActor):
        return ""
    fiche = fiche_for(actor, journey.territoire)
    return fiche.address if fiche else ""


def _page(request: Request, journey: Journey, answer: AddressAnswer) -> HttpResponse:
    context = {
        "journey": journey,
        "steps": journey.steps("sector"),
        "contact": journey.contact,
        **answer.context(),
    }
    return render(request, "usagers/booking/sector.html", context, status=answer.status)
