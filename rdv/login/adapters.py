"""How allauth behaves here: who signs in becomes which account."""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agents.services.invitation_send import invite_again
from notifications.messages.password import announce_password_reset
from rdv.accounts.models import Kind
from rdv.login.failures import Failure, failure_page
from rdv.login.oidc_tokens import ForgedAnswerError, ProviderDownError
from rdv.login.provider import FRANCECONNECT

if TYPE_CHECKING:
    from django.http import HttpRequest

    from rdv.accounts.models import Account

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "L’adresse e-mail ou le mot de passe ne correspondent pas."
        ),
        "account_inactive": _("Ce compte n’est plus actif."),
        "too_many_login_attempts": _(
            "Trop de tentatives : attendez quelques minutes avant de recommencer."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody signs up by allauth's page: agents are invited, usagers book."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        kind = getattr(request.user, "kind", None)
        return reverse("agents:home") if kind == Kind.AGENT else reverse("home")

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
        if not settings.FRANCECONNECT_ISSUER or provider not in (None, FRANCECONNECT):
            return []
        if client_id not in (None, settings.FRANCECONNECT_CLIENT_ID):
            return []
        app = SocialApp(
            provider=FRANCECONNECT,
            provider_id=FRANCECONNECT,
            name="FranceConnect",
            client_id=settings.FRANCECONNECT_CLIENT_ID,
            secret=settings.FRANCECONNECT_CLIENT_SECRET,
            settings={"server_url": settings.FRANCECONNECT_ISSUER},
        )
        return [app]

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
        raise ImmediateHttpResponse(failure_page(request, failure))


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
