"""« Votre adresse »: who receives somebody depends on where they live (G15, docs/adr/0019).

The address is read from the body of a POST, asked of the national service, and forgotten: the URL
then says the sectors, by their random identifiers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.queries.address_sectors import (
    communes_of,
    sectors_of_address,
    sectors_of_commune,
    sectors_word,
)
from rdv.common.addresses import AddressesUnavailable, find_addresses
from rdv.common.rate_limits import Limit, TooManyAttempts, count
from usagers.forms.booking_address import (
    ELSEWHERE,
    BookingAddressForm,
    CandidateForm,
    CommuneForm,
)
from usagers.views.booking.follow_up import asks_who_follows
from usagers.views.booking.journey import Journey, load_journey
from usagers.views.booking.nothing import not_offered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from rdv.common.addresses import Address

# Generous: a whole town hall shares one address. It keeps us far below the limit of the service.
PER_IP = Limit("address-ip", times=300, seconds=3600)
TOO_MANY = 429
_SALT = "booking-address"
_AN_HOUR = 3600


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@asks_who_follows
def booking_sector(request: HttpRequest, **entry: str) -> HttpResponse:
    journey = load_journey(request, **entry)
    if journey.asked is None:
        if not journey.params.get("motif"):
            return redirect(journey.motif_url)
        return not_offered(request, journey)
    if not journey.is_sectorised:
        return redirect(journey.lieu_url)
    if request.method != "POST":
        return _page(request, journey, form=BookingAddressForm())
    if "commune" in request.POST:
        return _commune(request, journey)
    if "candidate" in request.POST:
        return _candidate(request, journey)
    return _typed(request, journey)


def _typed(request: HttpRequest, journey: Journey) -> HttpResponse:
    form = BookingAddressForm(request.POST)
    if not form.is_valid():
        return _page(request, journey, form=form, status=422)
    try:
        count(PER_IP, get_adapter(request).get_client_ip(request))
        found = find_addresses(form.cleaned_data["address"])
    except TooManyAttempts as refusal:
        form.add_error(None, refusal.message)
        return _page(request, journey, form=form, status=TOO_MANY)
    except AddressesUnavailable:
        return _by_commune(request, journey, is_down=True)
    if not found:
        form.add_error("address", _("Nous ne trouvons pas cette adresse."))
        return _by_commune(request, journey, form=form, status=422)
    words = {sectors_word(_sectors(journey, one)) for one in found}
    if len(words) == 1:
        return _go_on(journey, words.pop())
    candidates = CandidateForm(candidates=_choices(found))
    return _page(request, journey, candidates=candidates)


def _sectors(journey: Journey, address: Address) -> list[Any]:
    return sectors_of_address(journey.territoire, address.city_code, address.street_code)


def _choices(found: Sequence[Address]) -> list[tuple[str, str]]:
    return [
        (signing.dumps([one.city_code, one.street_code], salt=_SALT), one.label) for one in found
    ]


def _candidate(request: HttpRequest, journey: Journey) -> HttpResponse:
    try:
        signed = request.POST["candidate"]
        city_code, street_code = signing.loads(signed, salt=_SALT, max_age=_AN_HOUR)
    except (signing.BadSignature, ValueError):
        form = BookingAddressForm(request.POST)
        form.add_error("address", _("Écrivez de nouveau votre adresse."))
        return _page(request, journey, form=form, status=422)
    sectors = sectors_of_address(journey.territoire, city_code, street_code)
    return _go_on(journey, sectors_word(sectors))


def _commune(request: HttpRequest, journey: Journey) -> HttpResponse:
    form = CommuneForm(request.POST, communes=communes_of(journey.territoire))
    if not form.is_valid():
        return _page(request, journey, communes=form, status=422)
    code = form.cleaned_data["commune"]
    sectors = [] if code == ELSEWHERE else sectors_of_commune(journey.territoire, code)
    return _go_on(journey, sectors_word(sectors))


def _by_commune(
    request: HttpRequest,
    journey: Journey,
    *,
    is_down: bool = False,
    form: BookingAddressForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The service knows nothing, or does not answer: the journey goes on with the commune."""
    communes = CommuneForm(communes=communes_of(journey.territoire))
    return _page(request, journey, form=form, communes=communes, is_down=is_down, status=status)


def _go_on(journey: Journey, word: str) -> HttpResponse:
    return redirect(journey.url("lieu", secteur=word))


def _page(
    request: HttpRequest, journey: Journey, *, status: int = 200, **shown: Any
) -> HttpResponse:
    context = {
        "journey": journey,
        "steps": journey.steps("sector"),
        "contact": journey.contact,
        "form": None,
        "candidates": None,
        "communes": None,
        "is_down": False,
        **shown,
    }
    return render(request, "usagers/booking/sector.html", context, status=status)
