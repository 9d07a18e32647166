"""Moving the RDV behind the link of a message, once the letters are given (C03)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from usagers.views.espace.rdv_move import Mover, confirm_page, move, slots_page
from usagers.views.espace.token_rdv import token_closed, token_rdv_of
from usagers.views.espace.token_session import token_actor

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
@never_cache
@require_safe
def token_move(request: HttpRequest) -> HttpResponse:
    mover = _mover(request)
    return slots_page(mover) if isinstance(mover, Mover) else mover


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def token_move_confirm(request: HttpRequest) -> HttpResponse:
    mover = _mover(request)
    if not isinstance(mover, Mover):
        return mover
    return move(mover) if request.method == "POST" else confirm_page(mover)


def _mover(request: HttpRequest) -> Mover | HttpResponse:
    now = timezone.now()
    actor = token_actor(request, now=now)
    rdv = token_rdv_of(actor)
    if rdv is None or actor is None:
        return token_closed(request, actor)
    return Mover(
        request=request,
        rdv=rdv,
        actor=actor,
        slots_url=reverse("usagers:token_move"),
        confirm_url=reverse("usagers:token_move_confirm"),
        rdv_url=reverse("usagers:token_rdv"),
        names_rdv=False,
        now=now,
    )
