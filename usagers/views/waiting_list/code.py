"""The six digits sent to an address, then: you are on the list (A09)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from planning.services.waiting_list_join import join_waiting_list
from rdv.common.errors import DomainError
from rdv.common.rate_limits import TooManyAttempts
from usagers.forms.waiting_list import ContactCodeForm
from usagers.services.contact_code import check_code
from usagers.views.waiting_list.pending import Pending, forget, remembered

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

TOO_MANY = 429


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def waiting_list_code(request: HttpRequest) -> HttpResponse:
    pending = remembered(request)
    if pending is None:
        return render(request, "usagers/waiting_list/over.html", status=404)
    form = ContactCodeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _join(pending, form.cleaned_data["code"])
            except DomainError as refusal:
                form.add_error("code", refusal.message)
                status = TOO_MANY if isinstance(refusal, TooManyAttempts) else 422
            else:
                forget(request)
                return redirect("usagers:waiting_list_joined")
    return render(request, "usagers/waiting_list/code.html", {"form": form}, status=status)


@login_not_required
@require_safe
def waiting_list_joined(request: HttpRequest) -> HttpResponse:
    return render(request, "usagers/waiting_list/joined.html")


def _join(pending: Pending, typed: str) -> None:
    now = timezone.now()
    code = check_code(code_uuid=UUID(pending.code), typed=typed, now=now)
    join_waiting_list(
        code=code,
        motif_id=pending.motif_id,
        lieu_id=pending.lieu_id,
        language=get_language() or "fr",
        now=now,
    )
