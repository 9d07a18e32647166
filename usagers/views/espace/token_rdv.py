"""The RDV behind the link of a message, once the letters are given (C03, decision 11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agents.permissions import Permission
from planning.queries.rdv_move_by_usager import refusal_to_move
from planning.queries.rdv_of_usager import rdvs_of_usager, told_together
from planning.queries.waiting_list import switch_of
from planning.services.rdv_cancel import RdvNotCancellable, cancel_rdv
from usagers.views.espace.access import rdv_context
from usagers.views.espace.rdv_detail import ics_response
from usagers.views.espace.token_entry import link_over
from usagers.views.espace.token_session import remembered_token, token_actor

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from agents.permissions import TokenActor
    from planning.models import Rdv


@login_not_required
@never_cache
@require_safe
def token_rdv(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    actor = token_actor(request, now=now)
    rdv = token_rdv_of(actor)
    if rdv is None or actor is None:
        return token_closed(request, actor)
    context = rdv_context(rdv, now=now) | {
        "can_move": refusal_to_move(rdv, actor=actor, now=now) is None,
        "others": told_together(actor),
        "waiting": switch_of(rdv, actor=actor, now=now),
    }
    return render(request, "usagers/espace/token_rdv.html", context)


@login_not_required
@never_cache
@require_safe
def token_ics(request: HttpRequest) -> HttpResponse:
    actor = token_actor(request, now=timezone.now())
    rdv = token_rdv_of(actor)
    return ics_response(rdv) if rdv else token_closed(request, actor)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def token_cancel(request: HttpRequest) -> HttpResponse:
    """A GET asks (mail scanners follow links), the POST cancels."""
    now = timezone.now()
    actor = token_actor(request, now=now)
    rdv = token_rdv_of(actor)
    if rdv is None or actor is None:
        return token_closed(request, actor)
    context = rdv_context(rdv, now=now)
    status = 200
    if request.method == "POST":
        try:
            cancel_rdv(rdv_id=rdv.pk, actor=actor, now=now)
        except RdvNotCancellable as refusal:
            context |= {"refusal": refusal.message, "can_cancel": False}
            status = 422
        else:
            messages.success(request, _("Votre rendez-vous est annulé. Le service est prévenu."))
            return redirect("usagers:token_rdv")
    return render(request, "usagers/espace/token_cancel.html", context, status=status)


def token_rdv_of(actor: TokenActor | None) -> Rdv | None:
    if actor is None:
        return None
    rdv = rdvs_of_usager(actor, Permission.RDV_READ).first()
    if rdv is not None:
        timezone.activate(rdv.organisation.territoire.zone)
    return rdv


def token_closed(request: HttpRequest, actor: TokenActor | None) -> HttpResponse:
    """Nothing of the RDV without the letters; nothing at all when it may not be shown any more."""
    if actor is not None or remembered_token(request) is None:
        return link_over(request)
    return redirect("usagers:token_letters")
