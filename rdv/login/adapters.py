"""How allauth behaves here: who signs in becomes which account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rdv.accounts.models import Kind

if TYPE_CHECKING:
    from django.http import HttpRequest


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
