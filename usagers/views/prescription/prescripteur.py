"""« Vos coordonnées »: who sends somebody; the créneau is held from here (B01, decision 19)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from planning.queries.public_slots import is_free
from planning.services.rdv_book import SlotTaken
from rdv.common.errors import DomainError
from rdv.common.rate_limits import TooManyAttempts
from usagers.forms.prescription import PartnerForm
from usagers.views.booking.booker import Booker
from usagers.views.booking.chosen import sign_choice
from usagers.views.booking.gate import booker_at
from usagers.views.booking.journey import load_journey
from usagers.views.booking.visitor import hold_for
from usagers.views.prescription.code import send_partner_code
from usagers.views.prescription.visit import is_proven, partner_of, remember_partner

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request

STEP = "prescripteur"
TOO_MANY = 429


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def booking_prescripteur(request: Request, **entry: str) -> HttpResponse:
    journey = load_journey(request, **entry)
    if not journey.is_prescribed:
        return redirect(journey.prescripteur_url)
    booker = booker_at(request, journey, signed=request.POST.get("choice", ""), step=STEP)
    if not isinstance(booker, Booker):
        return booker
    if request.method != "POST":
        if booker.choice.workshop_id is None and not _is_free(booker):
            return booker.lost(takes="", step=STEP)
        return _page(booker, PartnerForm(initial=partner_of(request)))
    form = PartnerForm(request.POST)
    if not form.is_valid():
        return _page(booker, form, status=422)
    remember_partner(request, dict(form.cleaned_data), sign_choice(booker.choice))
    return _hold_and_go_on(booker, form)


def _hold_and_go_on(booker: Booker, form: PartnerForm) -> HttpResponse:
    request, journey = booker.request, booker.journey
    try:
        if booker.choice.workshop_id is None:
            hold_for(request, booker.choice, now=journey.now)
        email = form.cleaned_data["email"]
        if is_proven(request, email, now=journey.now):
            return redirect(journey.url("beneficiaire"))
        send_partner_code(booker, email)
    except SlotTaken:
        return booker.lost(takes="", step=STEP)
    except TooManyAttempts:
        return render(request, "429.html", status=TOO_MANY)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return _page(booker, form, status=422)
    return redirect(journey.url("code"))


def _is_free(booker: Booker) -> bool:
    choice = booker.choice
    return is_free(
        booker.place.motif,
        booker.place.lieu,
        choice.starts_at,
        now=booker.journey.now,
        chosen_at=choice.chosen_at,
        visitor=booker.journey.visitor,
        sector_ids=frozenset(choice.sector_ids),
    )


def _page(booker: Booker, form: PartnerForm, *, status: int = 200) -> HttpResponse:
    return booker.page(
        step=STEP, template="usagers/prescription/prescripteur.html", form=form, status=status
    )
