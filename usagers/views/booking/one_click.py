"""Somebody who is signed in: for whom, and one button (A02, A07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from planning.queries.slot_hold import live_hold
from planning.services.booking_confirm import confirm_choice
from planning.services.participation_register import WorkshopFull
from planning.services.rdv_book import SlotTaken
from rdv.common.errors import DomainError
from rdv.common.rate_limits import Limit, TooManyAttempts, count
from usagers.forms.booking_company import BookingCompanyForm, ProcheForm
from usagers.queries.proches import proches_of
from usagers.services.booking_draft_save import Identity
from usagers.services.proche_edit import ProcheFields, save_proche
from usagers.views.booking.booker import Booker, asked_of
from usagers.views.booking.visitor import hold_for, visitor_of
from usagers.views.booking.welcome import after_booking
from usagers.views.booking.workshop import workshop_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from usagers.models import Usager

# A12: a person books for their family, not for a town.
PER_ACCOUNT = Limit("booking-account", times=20, seconds=3600)
TOO_MANY = 429


def one_click(booker: Booker, fiche: Usager) -> HttpResponse:
    """Answer the confirmation page of `fiche`, the créneau held; its button books."""
    request = booker.request
    # A fiche of another territoire: who comes is typed, its relatives stay where they are.
    # Nor has somebody whom FranceConnect has just named any: their fiche comes with the RDV.
    is_here = fiche.territoire_id == booker.journey.territoire.pk and fiche.pk is not None
    proches = proches_of(fiche) if is_here else []
    asked = asked_of(
        booker.place.motif,
        persons=booker.choice.persons,
        proches=proches,
        knows_phone=bool(fiche.phone_number),
        offers_phone=is_certified(fiche),
    )
    phone = fiche.phone_number.as_national if fiche.phone_number else ""
    initial = {"address": fiche.address, "phone_number": phone}
    fresh = BookingCompanyForm(initial=initial, asked=asked)
    if request.method != "POST":
        return _held(booker, fiche, fresh, proches)
    if "edit" in request.POST:
        return _edit_proche(booker, fiche, fresh, proches)
    form = BookingCompanyForm(request.POST, asked=asked)
    if not form.is_valid():
        return _page(booker, fiche, form, proches, status=422)
    return _book(booker, fiche, form, proches)


def is_certified(fiche: Usager) -> bool:
    """Whether FranceConnect gave the identity: read-only, the phone beside it is theirs to edit."""
    return fiche.identity_certified_at is not None or fiche.pk is None


def _book(
    booker: Booker, fiche: Usager, form: BookingCompanyForm, proches: list[Usager]
) -> HttpResponse:
    assert fiche.account is not None  # the fiche of an account
    phone = form.cleaned_data.get("phone_number") or str(fiche.phone_number or "")
    try:
        count(PER_ACCOUNT, str(fiche.account.pk))
        confirmed = confirm_choice(
            choice=booker.choice,
            identity=Identity(fiche.first_name, fiche.last_name, fiche.account.email, phone),
            company=form.company(),
            visitor=visitor_of(booker.request),
            language=get_language() or "",
            replaces_phone=is_certified(fiche),
            is_follow_up=booker.journey.follow_up is not None,
            now=booker.journey.now,
        )
    except SlotTaken:
        return booker.lost(takes="book", carried=_typed(booker))
    except WorkshopFull:
        return workshop_page(booker.request, booker.journey, refusal=Booker.gone())
    except DomainError as refusal:
        status = TOO_MANY if isinstance(refusal, TooManyAttempts) else 422
        return _page(booker, fiche, form, proches, refusal=refusal.message, status=status)
    return after_booking(booker.request, confirmed)


def _typed(booker: Booker) -> list[tuple[str, str]]:
    """Return what was answered, for the buttons of the other créneaux to send it again."""
    posted = booker.request.POST
    own = {"csrfmiddlewaretoken", "choice", "book"}
    return [(name, str(v)) for name in posted if name not in own for v in posted.getlist(name)]


def _held(
    booker: Booker, fiche: Usager, form: BookingCompanyForm, proches: list[Usager]
) -> HttpResponse:
    """Hold the créneau, and show the page; a session of a workshop is not held."""
    try:
        if booker.choice.workshop_id is None:
            hold_for(
                booker.request,
                booker.choice,
                now=booker.journey.now,
                usager_ids=booker.journey.usager_ids,
            )
    except SlotTaken:
        return booker.lost(takes="book" if form.asked.is_nothing else "")
    except DomainError as refusal:
        status = TOO_MANY if isinstance(refusal, TooManyAttempts) else 422
        return _page(booker, fiche, form, proches, refusal=refusal.message, status=status)
    return _page(booker, fiche, form, proches)


def _edit_proche(
    booker: Booker, fiche: Usager, form: BookingCompanyForm, proches: list[Usager]
) -> HttpResponse:
    """Correct a relative's name and come back to the same page (A07)."""
    request = booker.request
    asked = request.POST.get("edit", "")
    proche = next((row for row in proches if str(row.uuid) == asked), None)
    if proche is None:
        return redirect(request.get_full_path())
    corrected = ProcheForm(request.POST, prefix=asked)
    if corrected.is_valid():
        try:
            save_proche(
                responsable=fiche,
                fields=ProcheFields(**corrected.cleaned_data),
                actor=request.actor,
                now=booker.journey.now,
                proche=proche,
            )
        except DomainError as refusal:
            corrected.add_refusal(refusal)
        else:
            messages.success(request, _("Les informations sont corrigées."))
            return redirect(request.get_full_path())
    return _page(booker, fiche, form, proches, status=422, edited=corrected)


def _page(
    booker: Booker,
    fiche: Usager,
    form: BookingCompanyForm,
    proches: list[Usager],
    *,
    refusal: str = "",
    status: int = 200,
    edited: ProcheForm | None = None,
) -> HttpResponse:
    journey = booker.journey
    forms = [
        edited
        if edited is not None and edited.prefix == str(row.uuid)
        else ProcheForm(
            prefix=str(row.uuid),
            initial={
                "first_name": row.first_name,
                "last_name": row.last_name,
                "birth_date": row.birth_date,
            },
        )
        for row in proches
    ]
    hold = live_hold(visitor_of(booker.request), booker.choice.starts_at, now=journey.now)
    follow_up = journey.follow_up
    return booker.page(
        fiche=fiche,
        form=form,
        proches=[
            (row, proche_form, bool(proche_form.errors))
            for row, proche_form in zip(proches, forms, strict=True)
        ],
        held_until=hold.expires_at if hold else None,
        receiver=follow_up.name_of(hold.agent_id) if follow_up and hold else "",
        is_certified=is_certified(fiche),
        refusal=refusal,
        status=status,
    )
