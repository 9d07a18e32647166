"""Who is signed in and may not go on: closed accounts, admins without a second factor (G08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from rdv.accounts.models import Kind
from rdv.accounts.second_factor import has_second_factor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    GetResponse = Callable[[HttpRequest], HttpResponse]


class ClosedAccountMiddleware:
    """Cuts the session of an agent who was deactivated meanwhile, and says so.

    ActorMiddleware does it for an account that is not active any more.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_closed_agent(request):
            return self.get_response(request)
        logout(request)
        messages.error(
            request,
            _(
                "Votre compte n’est plus actif : vous avez été déconnecté. Adressez-vous à "
                "l’administrateur de votre organisation."
            ),
        )
        return redirect("account_login")


def _is_closed_agent(request: HttpRequest) -> bool:
    user = request.user
    is_agent = user.is_authenticated and user.kind == Kind.AGENT
    return is_agent and not request.actor  # type: ignore[attr-defined]


class SecondFactorMiddleware:
    """Closes every page but the set-up, to admins of a territoire that requires two factors."""

    # The set-up, the proof of who asks, the way out.
    OPEN = ("mfa_", "account_reauthenticate", "account_logout")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_args: object
    ) -> HttpResponse | None:
        if not request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        if not getattr(request.actor, "needs_second_factor", False):  # type: ignore[attr-defined]
            return None
        name = getattr(request.resolver_match, "url_name", None) or ""
        if name.startswith(self.OPEN) or has_second_factor(request.user.pk):
            return None
        return redirect("mfa_index")
