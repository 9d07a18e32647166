"""Sign-in by a code sent by e-mail: the same pages whether the address is known or not.

Decision 20: no password is needed, nobody is created here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agents.permissions import UsagerActor
from agents.queries.brand import brand_name_of
from rdv.common.errors import DomainError
from rdv.common.public_pages import public_page_or
from rdv.common.rate_limits import TooManyAttempts
from usagers.forms.sign_in import CodeForm, SignInForm
from usagers.models import Purpose
from usagers.services.account_address import AddressUnknown, account_of_code
from usagers.services.contact_code import CodeOver, send_code

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from rdv.common.http import Request

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SESSION_CODE, SESSION_EMAIL, SESSION_NEXT = "sign_in_code", "sign_in_email", "sign_in_next"
# Whoever has just read their mailbox may set a password without the former one.
SESSION_PROVED = "address_proved"
TOO_MANY = 429


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """Ask for the address, send a code to it."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    target = public_page_or(asked, reverse("usagers:rdv_list"))
    if isinstance(request.actor, UsagerActor):
        return redirect(target)
    form = SignInForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            refusal = _send(request, form.cleaned_data["email"])
            if refusal is None:
                request.session[SESSION_NEXT] = target
                return redirect("usagers:sign_in_code")
            form.add_error(None, refusal.message)
            status = TOO_MANY
    context = {"form": form, "next": target}
    return render(request, "usagers/espace/sign_in.html", context, status=status)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; the right one opens the page that was asked for."""
    code = request.session.get(SESSION_CODE)
    if code is None:
        return redirect("usagers:sign_in")
    if "again" in request.POST:
        return _again(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            refusal = _open(request, UUID(code), form.cleaned_data["code"])
            if refusal is None:
                return redirect(request.session.pop(SESSION_NEXT, "usagers:rdv_list"))
            if isinstance(refusal, AddressUnknown | CodeOver):
                messages.error(request, refusal.message)
                return redirect("usagers:sign_in")
            form.add_error("code", refusal.message)
            status = TOO_MANY if isinstance(refusal, TooManyAttempts) else 422
    context = {"form": form, "email": request.session.get(SESSION_EMAIL, "")}
    return render(request, "usagers/espace/sign_in_code.html", context, status=status)


def _send(request: HttpRequest, email: str) -> DomainError | None:
    """Send a code; return why not, or None."""
    try:
        row = send_code(
            purpose=Purpose.SIGN_IN,
            email=email,
            language=get_language() or "",
            ip=get_adapter(request).get_client_ip(request),
            now=timezone.now(),
            brand_name=brand_name_of(request.get_host()),
        )
    except DomainError as refusal:
        return refusal
    request.session[SESSION_CODE], request.session[SESSION_EMAIL] = str(row.uuid), email
    return None


def _again(request: HttpRequest) -> HttpResponse:
    refusal = _send(request, request.session.get(SESSION_EMAIL, ""))
    if refusal is None:
        messages.success(request, _("Un nouveau code est parti. Le précédent ne sert plus."))
        return redirect("usagers:sign_in_code")
    messages.error(request, refusal.message)
    return redirect("usagers:sign_in_code")


def _open(request: HttpRequest, code: UUID, typed: str) -> DomainError | None:
    """Sign in whom the code proves; return why not, or None."""
    try:
        account = account_of_code(code_uuid=code, typed=typed, now=timezone.now())
    except DomainError as refusal:
        if isinstance(refusal, AddressUnknown | CodeOver):
            request.session.pop(SESSION_CODE, None)
        return refusal
    target = request.session.get(SESSION_NEXT)
    login(request, account, backend=BACKEND)
    request.session.pop(SESSION_CODE, None)
    request.session.pop(SESSION_EMAIL, None)
    request.session[SESSION_PROVED] = True
    if target:
        request.session[SESSION_NEXT] = target
    return None
