"""How allauth behaves here: who signs in becomes which account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from django.urls import reverse

from rdv.accounts.models import Kind

if TYPE_CHECKING:
    from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody signs up by allauth's page: agents are invited, usagers book."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        kind = getattr(request.user, "kind", None)
        return reverse("agents:home") if kind == Kind.AGENT else reverse("home")
