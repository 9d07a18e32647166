"""The link of the mail: opening it changes nothing, its button books (A05, A06)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import UsagerActor
from agents.queries.address_sectors import sectors_kept, sectors_word
from motifs.queries.motif_for_public import lieux_of_motifs
from planning.queries.public_slots import is_free
from planning.services.booking_confirm import confirm_draft
from planning.services.rdv_book import SlotTaken
from rdv.common.errors import DomainError
from rdv.common.languages import speak
from rdv.common.text_keys import letters
from rdv.common.timezones import local_day
from usagers.queries.booking_draft import draft_of_link
from usagers.services.booking_draft_save import Choice, DraftClosed, choose_other_slot
from usagers.views.booking.chosen import read_choice
from usagers.views.booking.journey import Journey
from usagers.views.booking.lost import lost_slot
from usagers.views.booking.offer import Place, choice_key, place_key
from usagers.views.booking.welcome import after_booking

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from planning.services.booking_confirm import Confirmed
    from rdv.common.http import Request
    from usagers.models import BookingDraft


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def booking_confirm(request: Request, secret: str) -> HttpResponse:
    now = timezone.now()
    draft = draft_of_link(secret)
    if draft is None:
        return render(request, "usagers/booking/link_over.html", {"again_url": ""}, status=404)
    timezone.activate(draft.motif.organisation.territoire.zone)
    speak(request, draft.language)
    if draft.link_used_at:
        return _used(request, draft)
    if draft.link_expires_at is None or draft.link_expires_at <= now:
        context = {"again_url": _again(draft)}
        return render(request, "usagers/booking/link_over.html", context, status=404)
    if request.method == "POST":
        return _book(request, draft)
    if draft.workshop_id is None and not _is_free(draft, now):
        return _lost(request, draft)
    return _page(request, draft)


def _book(request: Request, draft: BookingDraft) -> HttpResponse:
    now = timezone.now()
    try:
        draft = _other(request, draft)
        confirmed = confirm_draft(draft_id=draft.pk, now=now)
    except SlotTaken:
        return _lost(request, draft)
    except DraftClosed:
        # A second click, while the first was booking: its RDV is shown, not an error.
        draft.refresh_from_db()
        return _used(request, draft)
    except DomainError as refusal:
        return _page(request, draft, refusal=refusal.message, status=422)
    _say_whose(request, draft, confirmed)
    return after_booking(request, confirmed)


def _is_free(draft: BookingDraft, now: datetime) -> bool:
    return is_free(
        draft.motif,
        draft.lieu,
        draft.starts_at,
        now=now,
        chosen_at=draft.chosen_at,
        visitor=str(draft.uuid),
        persons=draft.persons,
        sector_ids=frozenset(draft.sector_ids),
    )


def _other(request: Request, draft: BookingDraft) -> BookingDraft:
    """Take the other créneau of a « lost » page, when its button was the one pressed."""
    signed = request.POST.get("choice", "")
    if not signed:
        return draft
    choice = read_choice(signed)
    if choice is None:
        return draft
    return choose_other_slot(draft_id=draft.pk, choice=choice)


def _say_whose(request: Request, draft: BookingDraft, confirmed: Confirmed) -> None:
    """The fiche keeps its names: a family that shares an address must see whose RDV it is."""
    usager = confirmed.usager
    typed, kept = draft.first_name + draft.last_name, usager.first_name + usager.last_name
    if letters(typed) != letters(kept):
        messages.info(
            request,
            _("Ce rendez-vous est au nom de %(name)s, déjà connu du service à cette adresse.")
            % {"name": usager.full_name},
        )


def _used(request: Request, draft: BookingDraft) -> HttpResponse:
    """A link books once. Whoever is signed in sees the RDV, others what the link showed before."""
    actor = request.actor
    rdv = draft.rdv
    if (
        rdv is not None
        and isinstance(actor, UsagerActor)
        and rdv.participations.filter(usager__in=actor.family_ids).exists()
    ):
        return redirect("usagers:rdv_detail", rdv.uuid)
    return render(request, "usagers/booking/link_used.html", {"draft": draft, "rdv": rdv})


def _lost(request: Request, draft: BookingDraft) -> HttpResponse:
    now = timezone.now()
    today = local_day(now, draft.motif.organisation.territoire.zone)
    place = Place(draft.motif, draft.lieu)
    places = [place]
    if draft.lieu is not None:
        places += [Place(m, lieu) for m, lieu in lieux_of_motifs([draft.motif], today=today)]
    return lost_slot(
        request,
        choice=Choice(
            draft.motif_id,
            draft.lieu_id,
            draft.starts_at,
            draft.chosen_at,
            draft.persons,
            sector_ids=tuple(draft.sector_ids),
        ),
        place=place,
        places=places,
        url_for=lambda _place, _at: request.path,
        now=now,
        visitor=str(draft.uuid),
        takes="book",
        is_kept=True,
        again_url=_again(draft),
    )


def _again(draft: BookingDraft) -> str:
    """Return the page of the créneaux of the draft, to choose again."""
    motif = draft.motif
    place = Place(motif, draft.lieu)
    journey = Journey(motif.organisation.territoire, motif.organisation, {}, timezone.now())
    params = {"service": motif.service.code, "motif": choice_key(motif)}
    if draft.sector_ids:
        params["secteur"] = sectors_word(sectors_kept(draft.sector_ids))
    if draft.workshop_id:
        return journey.url("workshop", **params)
    if draft.persons > 1:
        params["personnes"] = str(draft.persons)
    if draft.lieu:
        params["lieu"] = place_key(place)
    return journey.url("slot", **params)


def _page(
    request: Request, draft: BookingDraft, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "draft": draft,
        "place": Place(draft.motif, draft.lieu),
        "starts_at": draft.starts_at,
        "refusal": refusal,
        "again_url": _again(draft),
    }
    return render(request, "usagers/booking/confirm.html", context, status=status)
