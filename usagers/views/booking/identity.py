"""Who: three fields the first time, one button for somebody who is signed in (A05).

A visitor who is signed in has the créneau held by reaching this page, though it is a GET: a draft
on the server (decision 19), ten minutes, replaced by the next one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from agents.permissions import UsagerActor
from planning.queries.public_slots import is_free
from planning.queries.waiting_list import address_of
from planning.services.rdv_book import SlotTaken
from rdv.common.errors import DomainError
from rdv.common.rate_limits import TooManyAttempts
from usagers.forms.booking_company import company_initial
from usagers.forms.booking_identity import BookingIdentityForm
from usagers.queries.signed_in import fiche_for
from usagers.services.booking_draft_save import company_of, save_booking_draft
from usagers.views.booking.booker import Booker, asked_of
from usagers.views.booking.follow_up import asks_who_follows
from usagers.views.booking.gate import booker_at
from usagers.views.booking.journey import Journey, load_journey
from usagers.views.booking.one_click import one_click
from usagers.views.booking.verify import draft_under_way, remember_draft, send_link
from usagers.views.booking.visitor import hold_for

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request
    from usagers.models import BookingDraft, Usager

TOO_MANY = 429


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@asks_who_follows
def booking_identity(request: Request, **entry: str) -> HttpResponse:
    journey = load_journey(request, **entry)
    if journey.is_prescribed:
        return redirect(journey.url("prescripteur"))
    booker = booker_at(request, journey, signed=request.POST.get("choice", ""))
    if not isinstance(booker, Booker):
        return booker
    fiche = _fiche(request, journey)
    return _typed(booker) if fiche is None else one_click(booker, fiche)


def _fiche(request: Request, journey: Journey) -> Usager | None:
    """Return the fiche of who is signed in as an usager. An agent books as anybody does."""
    actor = request.actor
    # A lazy object: isinstance() looks through it.
    return fiche_for(actor, journey.territoire) if isinstance(actor, UsagerActor) else None


def _typed(booker: Booker) -> HttpResponse:
    request, choice = booker.request, booker.choice
    draft = draft_under_way(request)
    asked = asked_of(booker.place.motif, persons=choice.persons)
    known = _known(draft, choice.persons) or address_of(booker.journey.visitor)
    if request.method != "POST":
        if choice.workshop_id is None and not _is_free(booker):
            return booker.lost(takes="keep" if draft else "")
        return booker.page(form=BookingIdentityForm(initial=known, asked=asked))
    # After a lost créneau one click goes on with what was typed.
    keeps = bool(draft) and "keep" in request.POST
    form = BookingIdentityForm(known if keeps else request.POST, asked=asked)
    if not form.is_valid():
        return booker.page(form=form, status=422)
    draft = save_booking_draft(
        draft_id=draft.pk if draft else None,
        choice=choice,
        identity=form.identity(),
        company=form.company(),
        language=get_language() or "fr",
        now=booker.journey.now,
    )
    remember_draft(request, draft)
    return _hold_and_send(booker, draft, form)


def _hold_and_send(booker: Booker, draft: BookingDraft, form: BookingIdentityForm) -> HttpResponse:
    """Keep the créneau while the mail is read: under the draft's key, whatever browser it is."""
    now = booker.journey.now
    try:
        if booker.choice.workshop_id is None:
            hold_for(booker.request, booker.choice, now=now, key=str(draft.uuid))
    except SlotTaken:
        return booker.lost(takes="keep")
    except TooManyAttempts as refusal:
        form.add_error(None, refusal.message)
        return booker.page(form=form, status=TOO_MANY)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return booker.page(form=form, status=422)
    refusal_to_send = send_link(booker.request, draft)
    if refusal_to_send:
        form.add_error(None, refusal_to_send)
        return booker.page(form=form, status=TOO_MANY)
    return redirect("usagers:booking_verify")


def _known(draft: BookingDraft | None, persons: int) -> dict[str, Any]:
    if draft is None:
        return {}
    return {
        "first_name": draft.first_name,
        "last_name": draft.last_name,
        "email": draft.email,
        "phone_number": draft.phone_number.as_national if draft.phone_number else "",
        **company_initial(company_of(draft), persons=persons),
    }


def _is_free(booker: Booker) -> bool:
    place, choice = booker.place, booker.choice
    return is_free(
        place.motif,
        place.lieu,
        choice.starts_at,
        now=booker.journey.now,
        chosen_at=choice.chosen_at,
        visitor=booker.journey.visitor,
        persons=choice.persons,
        sector_ids=frozenset(choice.sector_ids),
    )
