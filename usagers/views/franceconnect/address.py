"""After FranceConnect, the first time: an address to prove (A04, decision 20).

The page is the same for every address that FranceConnect gave: it never says what is known of it.
"""

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
from django.views.decorators.http import require_http_methods

from rdv.common.errors import DomainError
from usagers.forms.franceconnect_address import FranceConnectAddressForm
from usagers.queries.pending_identity import SESSION_PENDING, pending_of_session
from usagers.services.franceconnect_link import send_franceconnect_link

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from usagers.models import PendingIdentity

TOO_MANY = 429


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def franceconnect_address(request: HttpRequest) -> HttpResponse:
    pending = pending_of_session(request.session.get(SESSION_PENDING))
    if pending is None:
        return render(request, "usagers/franceconnect/link_over.html", status=404)
    if request.method != "POST":
        return _page(request, pending, FranceConnectAddressForm(initial={"email": pending.email}))
    is_same = "again" in request.POST and bool(pending.email)
    form = FranceConnectAddressForm({"email": pending.email} if is_same else request.POST)
    if not form.is_valid():
        return _page(request, pending, form, status=422)
    refusal = _send(request, pending, form.cleaned_data["email"])
    if refusal:
        form.add_error(None, refusal)
        return _page(request, pending, form, status=TOO_MANY)
    messages.success(request, _("Un message est parti. Seul le lien du dernier message sert."))
    return redirect("usagers:franceconnect_address")


def _send(request: HttpRequest, pending: PendingIdentity, email: str) -> str:
    """Send the link; return why not, in French, or ""."""

    def url_for(secret: str) -> str:
        return settings.SITE_URL + reverse("usagers:franceconnect_confirm", args=[secret])

    try:
        send_franceconnect_link(
            pending_id=pending.pk,
            url_for=url_for,
            ip=get_adapter(request).get_client_ip(request),
            now=timezone.now(),
            email=email,
        )
    except DomainError as refusal:
        return refusal.message
    return ""


def _page(
    request: HttpRequest,
    pending: PendingIdentity,
    form: FranceConnectAddressForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"pending": pending, "form": form}
    return render(request, "usagers/franceconnect/address.html", context, status=status)
