"""How allauth behaves here: who signs in becomes which account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.messages.password import announce_password_reset
from rdv.accounts.models import Kind

if TYPE_CHECKING:
    from django.http import HttpRequest

    from rdv.accounts.models import Account


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
        """Go through the outbox; the address is the site's own, whatever host was asked."""
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
