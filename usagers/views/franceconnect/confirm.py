"""The link of the mail: opening it changes nothing, its button ties the identity (decision 20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from rdv.common.errors import DomainError
from usagers.queries.pending_identity import SESSION_PENDING, pending_of_link
from usagers.rules.certified_identity import read_stored
from usagers.services.franceconnect_link import LinkOver, confirm_franceconnect_link

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from usagers.models import PendingIdentity

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def franceconnect_confirm(request: HttpRequest, secret: str) -> HttpResponse:
    now = timezone.now()
    pending = pending_of_link(secret, now=now)
    if pending is None:
        return _over(request)
    if request.method != "POST":
        return _page(request, pending)
    try:
        account = confirm_franceconnect_link(pending_id=pending.pk, now=now)
    except LinkOver:
        return _over(request)
    except DomainError as refusal:
        return _page(request, pending, refusal=refusal.message, status=422)
    login(request, account, backend=BACKEND)
    request.session.pop(SESSION_PENDING, None)
    return redirect(pending.next_path or "usagers:rdv_list")


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "usagers/franceconnect/link_over.html", status=404)


def _page(
    request: HttpRequest, pending: PendingIdentity, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    identity = read_stored(pending.identity)
    context = {"pending": pending, "identity": identity, "refusal": refusal}
    return render(request, "usagers/franceconnect/confirm.html", context, status=status)
