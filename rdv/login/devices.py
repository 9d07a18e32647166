"""« Appareils connectés »: an agent sees where they are signed in, and signs out from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rdv.accounts.models import Kind
from rdv.accounts.sessions import device_of, end_other_sessions, end_session, own_sessions

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from rdv.accounts.models import Account


@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    here = request.session.session_key
    lines = [
        {"row": row, "device": device_of(row.user_agent), "is_here": row.session_id == here}
        for row in own_sessions(_agent(request), now=timezone.now())
    ]
    context = {"organisation": None, "menu": "devices", "lines": lines}
    return render(request, "account/devices.html", context)


@require_POST
def end_one(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """Sign out one of one's own devices; somebody else's does not exist."""
    if not end_session(_agent(request), session_uuid):
        raise Http404
    messages.success(request, _("L’appareil est déconnecté."))
    return redirect("account_devices")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    end_other_sessions(_agent(request), keep=request.session.session_key)
    messages.success(request, _("Tous les autres appareils sont déconnectés."))
    return redirect("account_devices")


def _agent(request: HttpRequest) -> Account:
    account: Account = request.user  # type: ignore[assignment]
    if account.kind != Kind.AGENT:
        raise PermissionDenied
    return account
