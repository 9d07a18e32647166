"""« Terminer et effacer »: on a shared computer, nothing of somebody stays behind (A14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from rdv.common.provider_session import SESSION_ID_TOKEN, SESSION_LEAVING
from usagers.services.booking_draft_forget import forget_draft
from usagers.views.booking.verify import SESSION_DRAFT
from usagers.views.booking.visitor import release

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
@require_POST
def finish(request: HttpRequest) -> HttpResponse:
    """End the session, give back the créneau held, forget the draft and what the browser keeps.

    A booking that only waits for a click in the mailbox stays: whoever leaves a kiosk finishes it
    at home. This browser knows nothing of it any more.
    """
    if forget_draft(draft_uuid=request.session.get(SESSION_DRAFT)):
        release(request)
    id_token = request.session.get(SESSION_ID_TOKEN)
    logout(request)
    if id_token:  # the provider's session is on this computer too
        request.session[SESSION_LEAVING] = id_token
        return redirect("franceconnect_leave")
    response = HttpResponseRedirect(reverse("usagers:finished"))
    response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@login_not_required
@never_cache
@require_safe
def finished(request: HttpRequest) -> HttpResponse:
    return render(request, "usagers/espace/finished.html")
