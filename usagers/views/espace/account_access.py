"""How somebody enters their account: the address, proven by a code; the optional password."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.queries.brand import brand_name_of
from rdv.common.errors import DomainError
from rdv.common.rate_limits import Limit, TooManyAttempts, count
from usagers.forms.account import NewAddressForm, PasswordForm, PasswordRemoveForm
from usagers.forms.sign_in import CodeForm
from usagers.models import Purpose
from usagers.services.account_address import change_address
from usagers.services.account_password import change_password
from usagers.services.contact_code import send_code
from usagers.views.espace.access import usager_required
from usagers.views.espace.sign_in import SESSION_PROVED

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request

SESSION_ADDRESS, SESSION_ADDRESS_CODE = "new_address", "new_address_code"
TRIES = Limit("account-password", times=5, seconds=900)
TOO_MANY = 429


@usager_required
@require_http_methods(["GET", "HEAD", "POST"])
def account_address(request: Request) -> HttpResponse:
    """Ask for the new address, send a code to it; nothing changes before the code."""
    form = NewAddressForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                row = send_code(
                    purpose=Purpose.NEW_ADDRESS,
                    email=form.cleaned_data["email"],
                    language=get_language() or "",
                    ip=get_adapter(request).get_client_ip(request),
                    now=timezone.now(),
                    brand_name=brand_name_of(request.get_host()),
                )
            except DomainError as refusal:
                form.add_error(None, refusal.message)
                status = TOO_MANY
            else:
                request.session[SESSION_ADDRESS_CODE] = str(row.uuid)
                request.session[SESSION_ADDRESS] = row.email
                return redirect("usagers:account_address_code")
    context = {"form": form, "email": request.user.email}
    return render(request, "usagers/espace/account_address.html", context, status=status)


@usager_required
@require_http_methods(["GET", "HEAD", "POST"])
def account_address_code(request: Request) -> HttpResponse:
    code = request.session.get(SESSION_ADDRESS_CODE)
    if code is None:
        return redirect("usagers:account_address")
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                change_address(
                    account_id=request.user.pk,
                    code_uuid=UUID(code),
                    typed=form.cleaned_data["code"],
                    now=timezone.now(),
                )
            except DomainError as refusal:
                form.add_error("code", refusal.message)
                status = TOO_MANY if isinstance(refusal, TooManyAttempts) else 422
            else:
                del request.session[SESSION_ADDRESS_CODE]
                messages.success(request, _("Votre adresse e-mail est changée."))
                return redirect("usagers:account")
    context = {"form": form, "email": request.session.get(SESSION_ADDRESS, "")}
    return render(request, "usagers/espace/account_address_code.html", context, status=status)


@usager_required
@require_http_methods(["GET", "HEAD", "POST"])
def account_password(request: Request) -> HttpResponse:
    """Set, change or remove the password; other sessions end, this one goes on."""
    has_password = request.user.has_usable_password()
    asks = has_password and not request.session.get(SESSION_PROVED, False)
    is_removing = "remove" in request.POST
    form = PasswordForm(
        request.POST if request.method == "POST" and not is_removing else None,
        account=request.user,
        asks_current=asks,
    )
    remove = PasswordRemoveForm(
        request.POST if is_removing else None, asks_current=asks, prefix="remove-form"
    )
    status = 200
    bound = remove if is_removing else form
    if bound.is_bound:
        status = 422
        if bound.is_valid():
            refusal = _write(request, bound, is_proved=not asks)
            if refusal is None:
                messages.success(
                    request,
                    _("Votre mot de passe est supprimé.")
                    if is_removing
                    else _("Votre mot de passe est enregistré."),
                )
                return redirect("usagers:account")
            bound.add_error("current", refusal.message)
            status = TOO_MANY if isinstance(refusal, TooManyAttempts) else 422
    context = {"form": form, "remove": remove, "has_password": has_password}
    return render(request, "usagers/espace/account_password.html", context, status=status)


def _write(
    request: Request, form: PasswordForm | PasswordRemoveForm, *, is_proved: bool
) -> DomainError | None:
    """Change the password; return why not, or None."""
    try:
        if not is_proved:
            count(TRIES, str(request.user.pk))
        account = change_password(
            account_id=request.user.pk,
            new=form.cleaned_data.get("new"),
            current=form.cleaned_data.get("current", ""),
            is_proved=is_proved,
        )
    except DomainError as refusal:
        return refusal
    update_session_auth_hash(request, account)
    return None
