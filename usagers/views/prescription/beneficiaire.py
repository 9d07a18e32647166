"""« Bénéficiaire »: whom the prescripteur sends; its button books (B01).

As for who is signed in, reaching the page holds the créneau, though it is a GET (decision 19).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from planning.queries.slot_hold import held_until
from planning.services.participation_register import WorkshopFull
from planning.services.prescription_confirm import Needs, Partner, Prescription, prescribe
from planning.services.rdv_book import SlotTaken
from rdv.common.errors import DomainError
from rdv.common.rate_limits import TooManyAttempts
from usagers.forms.prescription import BeneficiaryForm
from usagers.services.beneficiary import Beneficiary
from usagers.views.booking.booker import Booker, asked_of
from usagers.views.booking.gate import booker_at
from usagers.views.booking.journey import load_journey
from usagers.views.booking.visitor import hold_for, release, visitor_of
from usagers.views.booking.workshop import workshop_page
from usagers.views.prescription.visit import (
    is_proven,
    partner_of,
    remember_done,
    signed_choice,
)

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request

STEP = "beneficiaire"
TOO_MANY = 429


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def booking_beneficiaire(request: Request, **entry: str) -> HttpResponse:
    journey = load_journey(request, **entry)
    booker = booker_at(
        request, journey, signed=request.POST.get("choice") or signed_choice(request), step=STEP
    )
    if not isinstance(booker, Booker):
        return booker
    email = partner_of(request).get("email", "")
    if not journey.is_prescribed or not is_proven(request, email, now=journey.now):
        return redirect(journey.prescripteur_url)
    motif = booker.place.motif
    asked, warns = asked_of(motif, persons=1), motif.notifies_usagers
    if request.method != "POST":
        return _held(booker, BeneficiaryForm(asked=asked, warns=warns))
    if "keep" in request.POST:
        return _held(booker, BeneficiaryForm(initial=_kept(request), asked=asked, warns=warns))
    form = BeneficiaryForm(request.POST, asked=asked, warns=warns)
    if not form.is_valid():
        return _page(booker, form, status=422)
    return _book(booker, form)


def _kept(request: Request) -> dict[str, object]:
    """Return what was typed before the créneau was lost, as the form shows it again."""
    typed: dict[str, object] = dict(request.POST.items())
    return {**typed, "needs": request.POST.getlist("needs")}


def _held(booker: Booker, form: BeneficiaryForm) -> HttpResponse:
    """Keep the créneau, and show the page; a session of a workshop is not held."""
    try:
        if booker.choice.workshop_id is None:
            hold_for(booker.request, booker.choice, now=booker.journey.now)
    except SlotTaken:
        return _lost(booker)
    except TooManyAttempts:
        return render(booker.request, "429.html", status=TOO_MANY)
    except DomainError as refusal:
        return _page(booker, form, refusal=refusal.message, status=422)
    return _page(booker, form)


def _book(booker: Booker, form: BeneficiaryForm) -> HttpResponse:
    request, data = booker.request, form.cleaned_data
    wanted = Prescription(
        choice=booker.choice,
        partner=Partner(**partner_of(request)),
        beneficiary=Beneficiary(
            data["first_name"],
            data["last_name"],
            data["phone_number"],
            data["email"],
            data.get("address", ""),
        ),
        visitor=visitor_of(request),
        needs=Needs(tuple(data.get("needs", ())), data.get("needs_details", "")),
        language=get_language() or "fr",
    )
    ip = get_adapter(request).get_client_ip(request)
    try:
        rdv = prescribe(prescription=wanted, ip=ip, now=booker.journey.now)
    except SlotTaken:
        return _lost(booker)
    except WorkshopFull:
        return workshop_page(request, booker.journey, refusal=Booker.gone())
    except TooManyAttempts:
        return render(request, "429.html", status=TOO_MANY)
    except DomainError as refusal:
        return _page(booker, form, refusal=refusal.message, status=422)
    release(request)
    remember_done(request, rdv, wanted)
    return redirect("usagers:prescription_done", rdv.uuid)


def _lost(booker: Booker) -> HttpResponse:
    """Offer other créneaux; their buttons bring what was typed back into the form."""
    posted = booker.request.POST
    own = {"csrfmiddlewaretoken", "choice", "keep"}
    typed = [(name, str(v)) for name in posted if name not in own for v in posted.getlist(name)]
    return booker.lost(takes="keep", carried=typed, step=STEP)


def _page(
    booker: Booker, form: BeneficiaryForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    visitor = visitor_of(booker.request)
    return booker.page(
        step=STEP,
        template="usagers/prescription/beneficiaire.html",
        form=form,
        partner=partner_of(booker.request),
        held_until=held_until(visitor, booker.choice.starts_at, now=booker.journey.now),
        refusal=refusal,
        status=status,
    )
