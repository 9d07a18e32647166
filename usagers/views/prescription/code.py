"""The six digits sent to a prescripteur before their first booking (decision 22)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from planning.queries.slot_hold import held_until
from rdv.common.errors import DomainError
from rdv.common.rate_limits import TooManyAttempts
from usagers.forms.prescription import PartnerCodeForm
from usagers.models import Purpose
from usagers.services.contact_code import check_code, send_code
from usagers.views.booking.booker import Booker
from usagers.views.booking.gate import booker_at
from usagers.views.booking.journey import load_journey
from usagers.views.prescription.visit import (
    code_under_way,
    partner_of,
    prove,
    remember_code,
    signed_choice,
)

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request

STEP = "code"
TOO_MANY = 429


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def booking_code(request: Request, **entry: str) -> HttpResponse:
    journey = load_journey(request, **entry)
    booker = booker_at(request, journey, signed=signed_choice(request), step=STEP)
    if not isinstance(booker, Booker):
        return booker
    email = partner_of(request).get("email", "")
    sent = code_under_way(request, email)
    if sent is None or not journey.is_prescribed:
        return redirect(journey.prescripteur_url)
    if request.method != "POST":
        return _page(booker, PartnerCodeForm(), email)
    if "again" in request.POST:
        return _again(booker, email)
    form = PartnerCodeForm(request.POST)
    if not form.is_valid():
        return _page(booker, form, email, status=422)
    try:
        code = check_code(code_uuid=sent, typed=form.cleaned_data["code"], now=journey.now)
    except DomainError as refusal:
        form.add_error("code", refusal.message)
        status = TOO_MANY if isinstance(refusal, TooManyAttempts) else 422
        return _page(booker, form, email, status=status)
    prove(request, code, now=journey.now)
    return redirect(journey.url("beneficiaire"))


def send_partner_code(booker: Booker, email: str) -> None:
    """Send a code in the name of who receives, and remember which. Raises TooManyAttempts."""
    request = booker.request
    code = send_code(
        purpose=Purpose.PRESCRIPTEUR,
        email=email,
        language=get_language() or "",
        ip=get_adapter(request).get_client_ip(request),
        now=booker.journey.now,
        organisation=booker.place.motif.organisation,
    )
    remember_code(request, code)


def _again(booker: Booker, email: str) -> HttpResponse:
    request = booker.request
    try:
        send_partner_code(booker, email)
    except TooManyAttempts:
        return render(request, "429.html", status=TOO_MANY)
    messages.success(request, _("Un nouveau code est parti. Le précédent ne sert plus."))
    return redirect(booker.journey.url(STEP))


def _page(booker: Booker, form: PartnerCodeForm, email: str, *, status: int = 200) -> HttpResponse:
    journey = booker.journey
    return booker.page(
        step="prescripteur",
        template="usagers/prescription/code.html",
        form=form,
        email=email,
        held_until=held_until(journey.visitor, booker.choice.starts_at, now=journey.now),
        back_url=journey.prescripteur_url,
        status=status,
    )
