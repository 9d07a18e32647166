"""ProConnect: the agents' button, the way back, the end of its session (G08, decision 21)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agents.services.proconnect_login import (
    ProConnectClosed,
    ProConnectIdentity,
    ProConnectOther,
    ProConnectUnknown,
    login_by_proconnect,
    unlink_proconnect,
)
from rdv.accounts.models import Kind
from rdv.common.errors import DomainError
from rdv.login.failures import Failure, failure_page
from rdv.login.oidc_provider import SignedOidcCallbackView, logout_address
from rdv.login.oidc_tokens import ForgedAnswerError, ProviderDownError
from rdv.login.provider import PROCONNECT, ProConnectAdapter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

SESSION_PROCONNECT = "proconnect_id_token"
SESSION_LOGOUT = "proconnect_logout"
LONGEST_NAME = 80
# While it is known to be away, the sign-in page says so beside the button.
DOWN = "proconnect:down"
DOWN_SECONDS = 60


@login_not_required
@require_POST
def proconnect_login(request: HttpRequest) -> HttpResponse:
    """Send the agent to ProConnect; the page where they were is kept in the session."""
    try:
        answer = OAuth2LoginView.adapter_view(_adapter(request))(request)
    except ProviderDownError:
        cache.set(DOWN, "1", DOWN_SECONDS)
        return failure_page(request, Failure.DOWN, provider=PROCONNECT)
    except ForgedAnswerError:
        return failure_page(request, Failure.FORGED, provider=PROCONNECT)
    cache.delete(DOWN)
    return answer


@login_not_required
@require_GET
def proconnect_callback(request: HttpRequest) -> HttpResponse:
    """Take what ProConnect answers: a state of ours, once, within ten minutes."""
    return SignedOidcCallbackView.adapter_view(_adapter(request))(request)


@login_not_required
@require_GET
def proconnect_signed_out(request: HttpRequest) -> HttpResponse:
    """Come back from the end of ProConnect's session; ours ended before."""
    expected = request.session.pop(SESSION_LOGOUT, "")
    if expected and constant_time_compare(request.GET.get("state", ""), expected):
        messages.success(request, _("Vous êtes déconnecté, de ProConnect aussi."))
    return redirect("account_login")


@require_POST
def proconnect_unlink(request: HttpRequest) -> HttpResponse:
    """Forget one's identity there, as when one's administration changes its directory."""
    if getattr(request.user, "kind", None) != Kind.AGENT:
        raise Http404
    unlink_proconnect(account=request.user, now=timezone.now())  # type: ignore[arg-type]
    messages.success(request, _("Votre compte n’est plus lié à ProConnect."))
    return redirect("agents:profile")


def welcome(
    request: HttpRequest, claims: Mapping[str, Any], *, id_token: str, next_path: str
) -> HttpResponse:
    """Sign the agent in; `claims` are verified. A second factor is asked as after a password."""
    identity = read_claims(claims)
    try:
        account = login_by_proconnect(identity=identity, now=timezone.now())
    except ProConnectUnknown:
        context = {"email": identity.email}
        return render(request, "account/proconnect_unknown.html", context, status=403)
    except ProConnectOther:
        return failure_page(request, Failure.OTHER, provider=PROCONNECT)
    except ProConnectClosed:
        return failure_page(request, Failure.CLOSED, provider=PROCONNECT)
    except DomainError:
        return failure_page(request, Failure.INCOMPLETE, provider=PROCONNECT)
    if request.user.is_authenticated:
        logout(request)
    request.session[SESSION_PROCONNECT] = id_token
    record_authentication(request, account, method="socialaccount", provider=PROCONNECT)
    return perform_login(request, Login(user=account, redirect_url=next_path or None))


def read_claims(claims: Mapping[str, Any]) -> ProConnectIdentity:
    """Read verified claims. `given_name` may hold the last name as well: it is taken off."""
    last_name = _text(claims.get("usual_name"))
    first_name = _text(claims.get("given_name"))
    if last_name and first_name.casefold().endswith(f" {last_name.casefold()}"):
        first_name = first_name[: -len(last_name)].strip()
    return ProConnectIdentity(
        issuer=settings.PROCONNECT_ISSUER,
        sub=claims["sub"],
        email=_text(claims.get("email")).lower(),
        first_name=first_name[:LONGEST_NAME],
        last_name=last_name[:LONGEST_NAME],
    )


def end_at_proconnect(request: HttpRequest, id_token: str) -> str:
    """Return where the session of ProConnect ends, "" when there is none or it cannot be said.

    Call it once our own session is over: the state of the way back lies in the new one.
    """
    if not id_token or not settings.PROCONNECT_ISSUER:
        return ""
    state = secrets.token_urlsafe(32)
    request.session[SESSION_LOGOUT] = state
    back = settings.SITE_URL + reverse("proconnect_signed_out")
    return logout_address(id_token, issuer=settings.PROCONNECT_ISSUER, back=back, state=state)


def is_down() -> bool:
    """Say whether ProConnect did not answer a moment ago."""
    return bool(settings.PROCONNECT_ISSUER and cache.get(DOWN))


def _adapter(request: HttpRequest) -> ProConnectAdapter:
    adapter = ProConnectAdapter(request, PROCONNECT)
    try:
        adapter.get_provider()
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return adapter


def _text(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
