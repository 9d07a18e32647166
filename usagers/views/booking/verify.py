"""« Ouvrez le message que nous venons d’envoyer »: the same page for every address (A05)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from planning.queries.slot_hold import held_until
from rdv.common.errors import DomainError
from rdv.common.phones import is_mobile
from usagers.forms.booking_identity import BookingAddressForm
from usagers.queries.booking_draft import draft_of_session
from usagers.services.booking_draft_save import DraftClosed, correct_draft_address
from usagers.services.booking_link_send import send_booking_link
from usagers.views.booking.visitor import become_visitor

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from usagers.models import BookingDraft

SESSION_DRAFT = "booking_draft"
TOO_MANY = 429


@login_not_required
@require_http_methods(["GET", "HEAD"])
def booking_verify(request: HttpRequest) -> HttpResponse:
    draft = draft_under_way(request)
    if draft is None or draft.link_sent_at is None:
        return render(request, "usagers/booking/link_over.html", {"again_url": ""}, status=404)
    return _page(request, draft, BookingAddressForm(initial={"email": draft.email}))


@login_not_required
@require_POST
def booking_resend(request: HttpRequest) -> HttpResponse:
    """Send a new link to the same address; the former one dies."""
    draft = draft_under_way(request)
    if draft is None:
        return redirect("usagers:booking_verify")
    refusal = send_link(request, draft)
    if refusal:
        form = BookingAddressForm(initial={"email": draft.email})
        return _page(request, draft, form, refusal=refusal)
    messages.success(request, _("Un nouveau message est parti. Le lien du précédent ne sert plus."))
    return redirect("usagers:booking_verify")


@login_not_required
@require_POST
def booking_address(request: HttpRequest) -> HttpResponse:
    """Correct the address of one's own booking, and send the link there."""
    draft = draft_under_way(request)
    if draft is None:
        return redirect("usagers:booking_verify")
    form = BookingAddressForm(request.POST)
    if not form.is_valid():
        return _page(request, draft, form, status=422)
    try:
        draft = correct_draft_address(draft_id=draft.pk, email=form.cleaned_data["email"])
    except DraftClosed:
        return redirect("usagers:booking_verify")
    refusal = send_link(request, draft)
    if refusal:
        return _page(request, draft, form, refusal=refusal)
    messages.success(request, _("L’adresse est corrigée, un nouveau message est parti."))
    return redirect("usagers:booking_verify")


def draft_under_way(request: HttpRequest) -> BookingDraft | None:
    """Return the booking that this browser began, and speak the time of its territoire."""
    draft = draft_of_session(request.session.get(SESSION_DRAFT))
    if draft is not None:
        timezone.activate(draft.motif.organisation.territoire.zone)
    return draft


def remember_draft(request: HttpRequest, draft: BookingDraft) -> None:
    become_visitor(request, str(draft.uuid))
    request.session[SESSION_DRAFT] = str(draft.uuid)


def send_link(request: HttpRequest, draft: BookingDraft) -> str:
    """Send the link of `draft`; return why not, in French, or ""."""
    base = settings.SITE_URL

    def url_for(secret: str) -> str:
        return base + reverse("usagers:booking_confirm", args=[secret])

    ip = get_adapter(request).get_client_ip(request)
    try:
        send_booking_link(draft_id=draft.pk, url_for=url_for, ip=ip, now=timezone.now())
    except DomainError as refusal:
        return refusal.message
    return ""


def _page(
    request: HttpRequest,
    draft: BookingDraft,
    form: BookingAddressForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    phone = str(draft.phone_number or "")
    context = {
        "draft": draft,
        "form": form,
        "refusal": refusal,
        "held_until": held_until(str(draft.uuid), draft.starts_at, now=timezone.now()),
        "has_landline": bool(phone) and not is_mobile(phone),
    }
    status = TOO_MANY if refusal else status
    return render(request, "usagers/booking/verify.html", context, status=status)
