"""The link of an invitation: opening it changes nothing, its button accepts (G02)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agents.forms.invitation_accept import InvitationAcceptForm
from agents.queries.invitation import invitation_of_token, places_of, standing_of
from agents.rules.invitation import Standing
from agents.services.invitation_accept import Identity, InvitationOver, accept_invitation
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from django.http import HttpResponse

    from agents.models import Agent, Invitation
    from rdv.common.http import Request

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_accept(request: Request, token: str) -> HttpResponse:
    invitation = invitation_of_token(token)
    if invitation is None:
        return _over(request, "")
    timezone.activate(invitation.territoire.zone)
    found = standing_of(invitation, timezone.now())
    if found != Standing.OPEN:
        return _over(request, str(found))
    if invitation.agent.is_invited:
        return _newcomer(request, invitation)
    return _colleague(request, invitation)


def _newcomer(request: Request, invitation: Invitation) -> HttpResponse:
    agent = invitation.agent
    form = InvitationAcceptForm(
        request.POST if request.method == "POST" else None,
        initial={"first_name": agent.first_name, "last_name": agent.last_name},
    )
    if form.is_valid():
        try:
            accepted = accept_invitation(
                invitation_id=invitation.pk,
                identity=Identity(**form.cleaned_data),
                now=timezone.now(),
            )
        except InvitationOver:
            return _over(request, str(Standing.ACCEPTED))
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            return _welcome(request, accepted)
    return _page(request, invitation, form)


def _colleague(request: Request, invitation: Invitation) -> HttpResponse:
    """Who has an account only joins; they sign in as they always do."""
    if request.method != "POST":
        return _page(request, invitation, None)
    try:
        accept_invitation(invitation_id=invitation.pk, identity=None, now=timezone.now())
    except DomainError:
        return _over(request, str(Standing.ACCEPTED))
    messages.success(
        request,
        _("Vous avez rejoint %(places)s.") % {"places": _names(invitation)},
    )
    is_signed_in = request.user.is_authenticated and request.user == invitation.agent.account
    return redirect("agents:organisation_list" if is_signed_in else "account_login")


def _welcome(request: Request, agent: Agent) -> HttpResponse:
    """Sign in the person who has just chosen a password; another session on this browser ends."""
    account = agent.account
    assert account is not None
    login(request, account, backend=BACKEND)
    messages.success(request, _("Bienvenue : votre compte est ouvert."))
    return redirect("agents:home")


def _names(invitation: Invitation) -> str:
    return ", ".join(place.name for place in places_of(invitation))


def _page(
    request: Request, invitation: Invitation, form: InvitationAcceptForm | None
) -> HttpResponse:
    context = {
        "standing": str(Standing.OPEN),
        "form": form,
        "email": invitation.email,
        "places": places_of(invitation),
        "expires_at": invitation.expires_at,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "agents/invitation_accept.html", context, status=status)


def _over(request: Request, standing: str) -> HttpResponse:
    context = {"standing": standing or "unknown"}
    return render(request, "agents/invitation_accept.html", context, status=404)
