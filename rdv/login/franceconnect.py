"""FranceConnect: the button, the way back, the end of its session (A04, decision 20)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from agents.queries.public_directory import public_organisation, public_territoire
from rdv.common.errors import DomainError
from rdv.common.provider_session import SESSION_ID_TOKEN, SESSION_LEAVING
from rdv.common.rate_limits import TooManyAttempts
from rdv.login.failures import Failure, failure_page
from rdv.login.oidc_provider import SignedOidcCallbackView, logout_address
from rdv.login.oidc_tokens import ForgedAnswerError, ProviderDownError
from rdv.login.provider import FRANCECONNECT, FranceConnectAdapter
from usagers.queries.pending_identity import SESSION_PENDING
from usagers.rules.certified_identity import read_claims
from usagers.services.franceconnect_link import send_franceconnect_link
from usagers.services.franceconnect_login import (
    Context,
    IdentityIncomplete,
    login_by_franceconnect,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from usagers.models import PendingIdentity

SESSION_LOGOUT = "franceconnect_logout"
SESSION_LEFT = "franceconnect_left"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# The pages that know a territoire, by the names of their arguments.
PLACES = ("organisation_slug", "territoire_slug")


@login_not_required
@require_POST
def franceconnect_login(request: HttpRequest) -> HttpResponse:
    """Send the person to FranceConnect; where they were is kept in the session."""
    try:
        return OAuth2LoginView.adapter_view(_adapter(request))(request)
    except ProviderDownError:
        return failure_page(request, Failure.DOWN)
    except ForgedAnswerError:
        return failure_page(request, Failure.FORGED)


@login_not_required
@require_GET
def franceconnect_callback(request: HttpRequest) -> HttpResponse:
    """Take what FranceConnect answers: a state of ours, once, within ten minutes."""
    return SignedOidcCallbackView.adapter_view(_adapter(request))(request)


@login_not_required
@require_GET
def franceconnect_signed_out(request: HttpRequest) -> HttpResponse:
    """Come back from the end of FranceConnect's session; ours ended before."""
    if request.session.pop(SESSION_LEFT, False):
        return _finished(request)
    expected = request.session.pop(SESSION_LOGOUT, "")
    if expected and constant_time_compare(request.GET.get("state", ""), expected):
        messages.success(request, _("Vous êtes déconnecté, de FranceConnect aussi."))
    return redirect("home")


@login_not_required
@never_cache
@require_GET
def franceconnect_leave(request: HttpRequest) -> HttpResponse:
    """Go on with « Terminer et effacer »: else the next person here enters as the former one."""
    url = end_at_provider(request, request.session.pop(SESSION_LEAVING, ""))
    if not url:
        return _finished(request)
    request.session[SESSION_LEFT] = True
    context = {"provider_url": url}
    answer = render(request, "login/franceconnect_sign_out.html", context)
    answer["Clear-Site-Data"] = '"cache", "storage"'  # the cookie still tells the way back
    return answer


def _finished(request: HttpRequest) -> HttpResponse:
    request.session.flush()
    answer = redirect("usagers:finished")
    answer["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer


def welcome(
    request: HttpRequest, claims: dict[str, Any], *, id_token: str, next_path: str
) -> HttpResponse:
    """Sign the person in, or ask them to prove their address; `claims` are verified."""
    now = timezone.now()
    context = _context_of(next_path)
    try:
        found = login_by_franceconnect(
            sub=claims["sub"], identity=read_claims(claims), context=context, now=now
        )
    except IdentityIncomplete:
        return failure_page(request, Failure.INCOMPLETE)
    except DomainError:
        return failure_page(request, Failure.CLOSED)
    if found.account is not None:
        login(request, found.account, backend=BACKEND)
        request.session[SESSION_ID_TOKEN] = id_token
        return redirect(next_path or "usagers:rdv_list")
    assert found.pending is not None
    return _ask_proof(request, found.pending, id_token)


def _ask_proof(request: HttpRequest, pending: PendingIdentity, id_token: str) -> HttpResponse:
    """Send the mail, or let the page ask for an address; the session knows which identity waits.

    Whoever was signed in here is not this person until the click: they are signed out.
    """
    if request.user.is_authenticated:  # an anonymous session keeps what it holds
        logout(request)
    if pending.email:
        _send_link(request, pending)
    request.session[SESSION_PENDING] = str(pending.uuid)
    request.session[SESSION_ID_TOKEN] = id_token
    return redirect("usagers:franceconnect_address")


def _send_link(request: HttpRequest, pending: PendingIdentity) -> None:
    def url_for(secret: str) -> str:
        return settings.SITE_URL + reverse("usagers:franceconnect_confirm", args=[secret])

    try:
        send_franceconnect_link(
            pending_id=pending.pk,
            url_for=url_for,
            ip=get_account_adapter(request).get_client_ip(request),
            now=timezone.now(),
        )
    except TooManyAttempts as refusal:
        messages.error(request, refusal.message)


def end_at_provider(request: HttpRequest, id_token: str) -> str:
    """Return where the session of FranceConnect ends, "" when there is none or it cannot be said.

    Call it once our own session is over: the state of the way back lies in the new one.
    """
    if not id_token or not settings.FRANCECONNECT_ISSUER:
        return ""
    state = secrets.token_urlsafe(32)
    request.session[SESSION_LOGOUT] = state
    back = settings.SITE_URL + reverse("franceconnect_signed_out")
    return logout_address(id_token, issuer=settings.FRANCECONNECT_ISSUER, back=back, state=state)


def _adapter(request: HttpRequest) -> FranceConnectAdapter:
    adapter = FranceConnectAdapter(request, FRANCECONNECT)
    try:
        adapter.get_provider()
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return adapter


def _context_of(next_path: str) -> Context:
    """Return where the person was: a page of a territoire, or none."""
    try:
        names = resolve(next_path.partition("?")[0]).kwargs
    except Resolver404:
        names = {}
    organisation = public_organisation(names["organisation_slug"]) if PLACES[0] in names else None
    territoire = organisation.territoire if organisation else None
    if territoire is None and PLACES[1] in names:
        territoire = public_territoire(names["territoire_slug"])
    return Context(territoire, organisation, next_path)
