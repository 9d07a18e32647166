"""After the booking: the person is signed in and sees their RDV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth import login
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from usagers.views.booking.verify import SESSION_DRAFT
from usagers.views.booking.visitor import release

if TYPE_CHECKING:
    from django.http import HttpResponse

    from planning.services.booking_confirm import Confirmed
    from rdv.common.http import Request

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def after_booking(request: Request, confirmed: Confirmed) -> HttpResponse:
    """Sign in whom the link proved, and show the RDV: the new one, or the one they had (A12)."""
    account = confirmed.usager.account
    assert account is not None  # confirming links or creates it
    if request.user.pk != account.pk:
        login(request, account, backend=BACKEND)
    request.session.pop(SESSION_DRAFT, None)
    release(request)
    if not confirmed.is_new:
        messages.warning(
            request,
            _(
                "Vous avez déjà ce rendez-vous : le voici. "
                "Pour choisir une autre heure, annulez-le d’abord."
            ),
        )
        return redirect("usagers:rdv_detail", confirmed.rdv.uuid)
    return redirect("usagers:booking_done", confirmed.rdv.uuid)
