"""A super-administrator in the name of an agent: for an hour, and never near their sign-in.

The session stays that of the super-administrator, with its own limits; only the request bears the
agent. What they write is signed « [Admin] X pour Y », and the actor carries their account to each
entry of the audit trail: nothing is said to the connection, which others use after us.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.queries.actor import signed_by
from agents.services.impersonation import (
    SESSION_IMPERSONATION,
    end_impersonation,
    impersonated,
)
from rdv.accounts.models import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from agents.permissions import AgentActor

    GetResponse = Callable[[HttpRequest], HttpResponse]

LONGEST = 3_600  # seconds


class ImpersonationMiddleware:
    """Puts the agent in the request; after an hour, or once they are gone, takes them out."""

    # Password, second factors, ProConnect, devices: the module of their views. The rest by name,
    # and the second factor of a colleague, which has its own command.
    CLOSED = ("rdv.login.", "allauth.")
    CLOSED_NAMES = ("webcal", "webcal_renew", "webcal_remove", "second_factor_forget")
    OPEN_NAMES = ("account_logout",)

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.impersonator = None  # type: ignore[attr-defined]
        user = request.user
        if not user.is_authenticated or user.kind != Kind.SUPERADMIN:
            return self.get_response(request)
        found = request.session.get(SESSION_IMPERSONATION)
        if not found:
            return self.get_response(request)
        agent_id, began = found
        agent = impersonated(agent_id)
        if agent is None or agent.account is None or time.time() - began > LONGEST:
            del request.session[SESSION_IMPERSONATION]
            end_impersonation(agent_id=agent_id, superadmin_id=user.pk, now=timezone.now())
            messages.warning(request, _("L’heure est passée : vous n’agissez plus pour un agent."))
            return redirect("agents:impersonation")
        request.impersonator, request.user = user, agent.account  # type: ignore[attr-defined]
        end = datetime.fromtimestamp(began + LONGEST, UTC)
        request.impersonated_until = end  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_args: object
    ) -> None:
        if getattr(request, "impersonator", None) is None:
            return
        name = getattr(request.resolver_match, "url_name", None) or ""
        is_own = view.__module__.startswith(self.CLOSED) or name in self.CLOSED_NAMES
        changes_profile = name == "profile" and request.method == "POST"
        if changes_profile or (is_own and name not in self.OPEN_NAMES):
            raise PermissionDenied


def signed(actor: AgentActor, request: HttpRequest) -> AgentActor:
    """Return the actor under the name that history keeps, with who really acts."""
    return signed_by(actor, getattr(request, "impersonator", None))
