"""An offer: a créneau kept for one person, to accept or to leave to the next (decision 28)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from motifs.rules.contact import whom_to_call
from planning.models import Outcome
from planning.queries.waiting_list import offer_key, offer_of_link
from planning.services.waiting_list_answer import (
    OfferOver,
    OfferTaken,
    accept_to_book,
    accept_to_move,
    decline_offer,
)
from planning.services.waiting_list_join import leave_waiting_list
from rdv.common.errors import DomainError
from rdv.common.languages import speak
from rdv.common.rate_limits import Limit, TooManyAttempts, count
from rdv.common.text_keys import letters
from usagers.forms.token_letters import TokenLettersForm
from usagers.rules.token_letters import opens
from usagers.views.booking.journey import Journey
from usagers.views.booking.journey_links import instant_key
from usagers.views.booking.offer import Place, choice_key, place_key
from usagers.views.booking.visitor import become_visitor

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from planning.models import WaitingListOffer

# Decision 11: five tries lock the link for 15 minutes.
PER_OFFER = Limit("waiting-list-letters", times=5, seconds=900)
TOO_MANY = 429


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def waiting_list_offer(request: HttpRequest, secret: str) -> HttpResponse:
    """Opening changes nothing. The RDV of who waits is never shown; it moves after the letters."""
    offer = offer_of_link(secret)
    if offer is None:
        return render(request, "usagers/waiting_list/over.html", status=404)
    timezone.activate(offer.entry.motif.organisation.territoire.zone)
    speak(request, offer.entry.language)
    now = timezone.now()
    if request.method != "POST":
        return _page(request, offer, now)
    answer = request.POST.get("answer")
    if answer == "no":
        decline_offer(offer_id=offer.pk, now=now)
        return _closed(request, offer, "declined")
    if answer == "leave":
        leave_waiting_list(entry_id=offer.entry_id, now=now)
        return _closed(request, offer, "left")
    return _accept(request, offer, now)


def _accept(request: HttpRequest, offer: WaitingListOffer, now: datetime) -> HttpResponse:
    try:
        if offer.entry.participation is not None:
            return _move(request, offer, now)
        accept_to_book(offer_id=offer.pk, now=now)
    except OfferOver:
        return _closed(request, offer, "over", status=409)
    except OfferTaken as refusal:
        return _closed(request, offer, "taken", refusal=refusal.message, status=409)
    except DomainError as refusal:
        return _page(request, offer, now, refusal=refusal.message, status=409)
    become_visitor(request, offer_key(offer.uuid))
    return redirect(_identity_url(offer, now))


def _move(request: HttpRequest, offer: WaitingListOffer, now: datetime) -> HttpResponse:
    """Check the letters of who is told, then move."""
    assert offer.entry.participation is not None
    person = offer.entry.participation.usager.to_notify
    form = TokenLettersForm(request.POST)
    if not form.is_valid():
        return _page(request, offer, now, form=form, status=422)
    try:
        count(PER_OFFER, str(offer.uuid))
    except TooManyAttempts:
        refusal = _("Trop d’essais : ce lien est bloqué pendant 15 minutes. Réessayez plus tard.")
        form.add_error("letters", refusal)
        return _page(request, offer, now, form=form, status=TOO_MANY)
    if not opens(form.cleaned_data["letters"], (person.last_name, person.birth_name), letters):
        form.add_error("letters", _("Ce ne sont pas les lettres attendues."))
        return _page(request, offer, now, form=form, status=422)
    accept_to_move(offer_id=offer.pk, now=now)
    messages.success(request, _("Votre rendez-vous est déplacé."))
    return _closed(request, offer, "moved")


def _identity_url(offer: WaitingListOffer, now: datetime) -> str:
    """Return the last page of the journey, for the créneau of the offer."""
    motif = offer.entry.motif
    place = Place(motif, offer.lieu)
    journey = Journey(motif.organisation.territoire, motif.organisation, {}, now)
    return journey.url(
        "identity",
        service=motif.service.code,
        motif=choice_key(motif),
        personnes="1" if motif.max_persons > 1 else "",
        lieu=place_key(place) if offer.lieu else "",
        # It was to be read on the page of the offer.
        accepte="1" if motif.restriction else "",
        creneau=instant_key(offer.starts_at),
    )


def _page(
    request: HttpRequest,
    offer: WaitingListOffer,
    now: datetime,
    *,
    form: TokenLettersForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    if offer.outcome != Outcome.PENDING or offer.expires_at <= now or offer.entry.ended_at:
        finishes = offer.outcome == Outcome.ACCEPTED and offer.entry.ended_at is None
        return _closed(request, offer, "accepted" if finishes else "over")
    moves = offer.entry.participation is not None
    context = {
        "offer": offer,
        "motif": offer.entry.motif,
        "moves": moves,
        "minutes": int((offer.ends_at - offer.starts_at).total_seconds()) // 60,
        "form": (form or TokenLettersForm()) if moves else None,
        "refusal": refusal,
        **_contact(offer),
    }
    return render(request, "usagers/waiting_list/offer.html", context, status=status)


def _closed(
    request: HttpRequest,
    offer: WaitingListOffer,
    state: str,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """Say what came of the offer: declined, left, moved, accepted, taken or over."""
    context = {
        "offer": offer,
        "motif": offer.entry.motif,
        "state": state,
        "refusal": refusal,
        "minutes": int((offer.ends_at - offer.starts_at).total_seconds()) // 60,
        "is_waiting": offer.entry.ended_at is None and state not in {"left", "moved"},
        **_contact(offer),
    }
    return render(request, "usagers/waiting_list/offer_closed.html", context, status=status)


def _contact(offer: WaitingListOffer) -> dict[str, object]:
    organisation = offer.entry.motif.organisation
    return {"contact": whom_to_call(offer.lieu, organisation, organisation.territoire)}
