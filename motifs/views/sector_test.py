"""« Quels motifs pour cette adresse ? »: what somebody who lives there would be offered (G15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from agents.queries.address_sectors import sectors_of_address
from motifs.forms.sector_test import SectorTestForm
from motifs.queries.sector_answers import Answer, answers_of, sectorised_count
from motifs.views.territoire_page import territoire_page
from rdv.common.addresses import AddressesUnavailable, find_addresses
from rdv.common.rate_limits import Limit, TooManyAttempts, count

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Sector, Territoire
    from rdv.common.addresses import Address
    from rdv.common.http import Request

PER_TERRITOIRE = Limit("sector-test", times=600, seconds=3600)


@dataclass(frozen=True)
class Tried:
    """One of the addresses that were found, and what it leads to."""

    address: Address
    sectors: list[Sector]
    answers: list[Answer]


@require_http_methods(["GET", "POST"])
def sector_test(request: Request, territoire_uuid: UUID) -> HttpResponse:
    """The address comes by POST: it is in no URL, hence in no log."""
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_READ)
    form = SectorTestForm(request.POST if request.method == "POST" else None)
    tried: list[Tried] | None = None
    if form.is_valid():
        try:
            count(PER_TERRITOIRE, str(territoire.uuid))
            found = find_addresses(form.cleaned_data["address"])
        except TooManyAttempts as refusal:
            form.add_error(None, refusal.message)
        except AddressesUnavailable:
            form.add_error(
                None, _("La recherche d’adresse ne répond pas. Réessayez dans une minute.")
            )
        else:
            tried = [_try(territoire, address) for address in found]
            if not tried:
                form.add_error("address", _("Cette adresse n’est pas trouvée."))
    context = {
        "territoire": territoire,
        "menu": "sector_test",
        "form": form,
        "tried": tried,
        "sectorised": sectorised_count(territoire),
        "has_sectors": territoire.sectors.exists(),
    }
    return render(request, "motifs/sector_test.html", context, status=422 if form.errors else 200)


def _try(territoire: Territoire, address: Address) -> Tried:
    sectors = sectors_of_address(territoire, address.city_code, address.street_code)
    return Tried(address, sectors, answers_of(territoire, sectors) if sectors else [])
