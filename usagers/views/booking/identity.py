"""Who: three fields the first time, one button for somebody who is signed in (A05)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agents.permissions import UsagerActor
from motifs.models import LocationType
from planning.queries.public_slots import is_free
from planning.services.booking_confirm import confirm_choice
from planning.services.rdv_book import SlotTaken
from rdv.common.errors import DomainError
from usagers.forms.booking_identity import BookingIdentityForm
from usagers.queries.signed_in import fiche_for
from usagers.services.booking_draft_save import Choice, Identity, save_booking_draft
from usagers.views.booking.chosen import sign_choice, since
from usagers.views.booking.journey import Journey, Place, instant_key, load_journey, not_offered
from usagers.views.booking.lost import lost_slot
from usagers.views.booking.verify import draft_under_way, remember_draft, send_link
from usagers.views.booking.welcome import after_booking

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from rdv.common.http import Request
    from usagers.models import BookingDraft, Usager


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def booking_identity(request: Request, **entry: str) -> HttpResponse:
    journey = load_journey(request, **entry)
    place, starts_at = journey.place, journey.starts_at
    if place is None:
        return not_offered(request, journey)
    if not journey.has_accepted or starts_at is None:
        return redirect(journey.url("slot"))
    lieu_id = place.lieu.pk if place.lieu else None
    choice = since(
        request.POST.get("choice", ""),
        Choice(place.motif.pk, lieu_id, starts_at, journey.now),
    )
    fiche = _fiche(request, journey)
    if fiche is None:
        return _typed(request, journey, place, choice)
    return _one_click(request, journey, place, choice, fiche)


def _fiche(request: Request, journey: Journey) -> Usager | None:
    """Return the fiche of who is signed in as an usager. An agent books as anybody does."""
    actor = request.actor
    # A lazy object: isinstance() looks through it.
    return fiche_for(actor, journey.territoire) if isinstance(actor, UsagerActor) else None


def _one_click(
    request: Request, journey: Journey, place: Place, choice: Choice, fiche: Usager
) -> HttpResponse:
    if request.method != "POST":
        if not _is_free(place, choice, journey):
            return _lost(request, journey, place, choice, takes="book")
        return _page(request, journey, place, choice, fiche=fiche)
    assert fiche.account is not None  # the fiche of an account
    identity = Identity(
        fiche.first_name, fiche.last_name, fiche.account.email, str(fiche.phone_number or "")
    )
    try:
        confirmed = confirm_choice(choice=choice, identity=identity, now=journey.now)
    except SlotTaken:
        return _lost(request, journey, place, choice, takes="book")
    except DomainError as refusal:
        return _page(
            request, journey, place, choice, fiche=fiche, refusal=refusal.message, status=422
        )
    return after_booking(request, confirmed)


def _typed(request: Request, journey: Journey, place: Place, choice: Choice) -> HttpResponse:
    draft = draft_under_way(request)
    needs_phone = place.motif.location_type == LocationType.TELEPHONE
    if request.method != "POST":
        if not _is_free(place, choice, journey):
            return _lost(request, journey, place, choice, takes="keep" if draft else "")
        form = BookingIdentityForm(initial=_known(draft), needs_phone=needs_phone)
        return _page(request, journey, place, choice, form=form)
    # After a lost créneau one click goes on with what was typed.
    typed = _known(draft) if draft and "keep" in request.POST else request.POST
    form = BookingIdentityForm(typed, needs_phone=needs_phone)
    if not form.is_valid():
        return _page(request, journey, place, choice, form=form, status=422)
    draft = save_booking_draft(
        draft_id=draft.pk if draft else None,
        choice=choice,
        identity=Identity(**form.cleaned_data),
        now=journey.now,
    )
    remember_draft(request, draft)
    if not _is_free(place, choice, journey):
        return _lost(request, journey, place, choice, takes="keep")
    refusal = send_link(request, draft)
    if refusal:
        form.add_error(None, refusal)
        return _page(request, journey, place, choice, form=form, status=429)
    return redirect("usagers:booking_verify")


def _known(draft: BookingDraft | None) -> dict[str, str]:
    if draft is None:
        return {}
    return {
        "first_name": draft.first_name,
        "last_name": draft.last_name,
        "email": draft.email,
        "phone_number": draft.phone_number.as_national if draft.phone_number else "",
    }


def _is_free(place: Place, choice: Choice, journey: Journey) -> bool:
    return is_free(
        place.motif, place.lieu, choice.starts_at, now=journey.now, chosen_at=choice.chosen_at
    )


def _lost(
    request: Request, journey: Journey, place: Place, choice: Choice, *, takes: str
) -> HttpResponse:
    def url_for(other: Place, at: datetime) -> str:
        # What was accepted is this organisation's text, not another's.
        same = other.motif.restriction == place.motif.restriction
        accepted = {} if same else {"accepte": ""}
        return journey.place_url("identity", other, creneau=instant_key(at), **accepted)

    return lost_slot(
        request,
        choice=choice,
        place=place,
        places=journey.places,
        url_for=url_for,
        now=journey.now,
        takes=takes,
        is_kept=takes == "keep",
        again_url=journey.url("slot"),
    )


def _page(
    request: Request,
    journey: Journey,
    place: Place,
    choice: Choice,
    *,
    form: BookingIdentityForm | None = None,
    fiche: Usager | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "journey": journey,
        "place": place,
        "steps": journey.steps("identity"),
        "starts_at": choice.starts_at,
        "ends_at": choice.starts_at + timedelta(minutes=place.motif.duration_minutes),
        "choice": sign_choice(choice),
        "form": form,
        "fiche": fiche,
        "refusal": refusal,
        "change_url": journey.url("slot", date=_day(choice)),
    }
    return render(request, "usagers/booking/identity.html", context, status=status)


def _day(choice: Choice) -> str:
    return timezone.localtime(choice.starts_at).date().isoformat()
