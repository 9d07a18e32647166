"""The link of a message: the letters, before anything of the RDV is shown (decision 11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from rdv.common.errors import DomainError
from rdv.common.languages import speak
from usagers.forms.token_letters import TokenLettersForm
from usagers.queries.access_token import is_open, token_of_secret
from usagers.services.access_token_check import LinkLocked, LinkOver, check_letters
from usagers.views.espace.token_session import (
    open_token,
    remember_token,
    remembered_token,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

TOO_MANY = 429


@login_not_required
@never_cache
@require_safe
def token_entry(request: HttpRequest, secret: str) -> HttpResponse:
    """Leave the secret behind: the pages that follow have a clean address."""
    token = token_of_secret(secret, now=timezone.now())
    if token is None:
        return link_over(request)
    token_id, language = token
    remember_token(request, token_id)
    speak(request, language)
    return redirect("usagers:token_letters")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def token_letters(request: HttpRequest) -> HttpResponse:
    token_id = remembered_token(request)
    now = timezone.now()
    if token_id is None or not is_open(token_id, now=now):
        return link_over(request)
    form = TokenLettersForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                check_letters(token_id=token_id, typed=form.cleaned_data["letters"], now=now)
            except LinkOver:
                return link_over(request)
            except DomainError as refusal:
                form.add_error("letters", refusal.message)
                status = TOO_MANY if isinstance(refusal, LinkLocked) else 422
            else:
                open_token(request, now=now)
                return redirect("usagers:token_rdv")
    return render(request, "usagers/espace/token_letters.html", {"form": form}, status=status)


def link_over(request: HttpRequest) -> HttpResponse:
    return render(request, "usagers/espace/token_over.html", status=404)
