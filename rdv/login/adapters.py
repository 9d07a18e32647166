"""How allauth behaves here: who signs in becomes which account."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.queries.actor import is_agent_active
from agents.queries.agent_home import home_organisation
from agents.services.invitation_send import invite_again
from notifications.messages.password import announce_password_reset
from rdv.accounts.models import Kind
from rdv.common.public_pages import own_path
from rdv.login.failures import Failure, failure_page
from rdv.login.oidc_tokens import ForgedAnswerError, ProviderDownError
from rdv.login.provider import FRANCECONNECT, PROCONNECT

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from rdv.accounts.models import Account

logger = logging.getLogger(__name__)
# Identifier, name, first word of the settings.
_PROVIDERS = (
    (FRANCECONNECT, "FranceConnect", "FRANCECONNECT"),
    (PROCONNECT, "ProConnect", "PROCONNECT"),
)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "L’adresse e-mail ou le mot de passe ne correspondent pas."
        ),
        "account_inactive": _("Ce compte n’est plus actif."),
        "too_many_login_attempts": _(
            "Trop de tentatives : attendez 15 minutes avant de recommencer."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody signs up by allauth's page: agents are invited, usagers book."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        kind = getattr(request.user, "kind", None)
        return reverse("agents:home") if kind == Kind.AGENT else reverse("home")

    def is_safe_url(self, url: str | None) -> bool:
        """Say whether « next » stays here; allauth's own fails on « http://[ », which is none."""
        return bool(own_path(url or ""))

    def pre_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse | None:
        """Refuse a deactivated agent, who has just proven who they are, by any way in."""
        if user.kind == Kind.AGENT and not is_agent_active(account_id=user.pk):
            clear_login(request)
            return render(request, "account/agent_closed.html", status=403)
        found: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return found

    def respond_user_inactive(self, request: HttpRequest, user: Account) -> HttpResponse:
        clear_login(request)
        self.add_message(request, messages.ERROR, message=self.error_messages["account_inactive"])
        return redirect("account_login" if user.kind == Kind.AGENT else "account_usager_login")

    def send_password_reset_mail(self, user: Account, email: str, context: dict[str, Any]) -> None:
        """Go through the outbox; the address is the site's own, whatever host was asked.

        An invited agent who never accepted has no password to change: the invitation leaves again.
        """
        if invite_again(agent_id=user.agent.pk, now=timezone.now()):
            return
        path = reverse(
            "account_reset_password_from_key",
            kwargs={"uidb36": context["uid"], "key": context["key"]},
        )
        with transaction.atomic():
            announce_password_reset(
                email=email,
                first_name=user.agent.first_name,
                url=f"{settings.SITE_URL}{path}",
                organisation=home_organisation(user.agent),
                now=timezone.now(),
            )

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """The page that opens says that one is signed in; allauth's word would print the login."""
        if message_template != "account/messages/logged_in.txt":
            super().add_message(request, level, message_template, *args, **kwargs)


class SocialAdapter(DefaultSocialAccountAdapter):
    """Providers of identity: set by the environment, their failures told in plain French."""

    def list_apps(
        self,
        request: HttpRequest,  # noqa: ARG002
        provider: str | None = None,
        client_id: str | None = None,
    ) -> list[SocialApp]:
        """Return our registrations: none is kept in the database."""
        return [
            SocialApp(
                provider=known,
                provider_id=known,
                name=name,
                client_id=getattr(settings, f"{prefix}_CLIENT_ID"),
                secret=getattr(settings, f"{prefix}_CLIENT_SECRET"),
                settings={"server_url": getattr(settings, f"{prefix}_ISSUER")},
            )
            for known, name, prefix in _PROVIDERS
            if getattr(settings, f"{prefix}_ISSUER")
            and provider in (None, known)
            and client_id in (None, getattr(settings, f"{prefix}_CLIENT_ID"))
        ]

    def generate_state_param(self, state: dict[str, Any]) -> str:  # noqa: ARG002
        """Allauth's own has 16 characters; the French providers ask for 32 at least."""
        return secrets.token_urlsafe(32)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Answer a page with a way on. The log names the kind of failure, nobody."""
        failure = _failure(error, exception, extra_context or {})
        logger.warning("sign-in by %s failed: %s, %s", provider.id, failure, _cause(exception))
        raise ImmediateHttpResponse(failure_page(request, failure, provider=provider.id))


def _failure(error: str | None, exception: Exception | None, context: dict[str, Any]) -> Failure:
    if isinstance(exception, ProviderDownError):
        return Failure.DOWN
    if exception is not None:
        return Failure.FORGED
    if "state_id" in context:
        return Failure.EXPIRED
    return Failure.REFUSED if error == AuthError.CANCELLED else Failure.DOWN


def _cause(exception: Exception | None) -> str:
    """Our own messages name a check; those of libraries may quote what was received."""
    if isinstance(exception, ForgedAnswerError | ProviderDownError):
        return str(exception)
    return type(exception).__name__ if exception else ""
