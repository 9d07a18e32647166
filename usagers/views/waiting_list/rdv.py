"""The switch « Me prévenir si une date plus proche se libère » of a RDV (decision 28)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents.permissions import Permission
from planning.queries.rdv_of_usager import rdvs_of_usager
from planning.services.waiting_list_join import WaitingRefused, stop_waiting, wait_for_earlier
from usagers.views.espace.access import own_rdv, usager_required
from usagers.views.espace.token_session import token_actor

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.permissions import TokenActor, UsagerActor
    from rdv.common.http import Request


@usager_required
@require_POST
def rdv_waiting_list(request: Request, rdv_uuid: UUID) -> HttpResponse:
    rdv = own_rdv(request, Permission.RDV_EDIT, rdv_uuid)
    _switch(request, rdv.pk, request.actor)  # type: ignore[arg-type]
    return redirect("usagers:rdv_detail", rdv.uuid)


@login_not_required
@require_POST
def token_waiting_list(request: Request) -> HttpResponse:
    actor = token_actor(request, now=timezone.now())
    rdv = rdvs_of_usager(actor, Permission.RDV_EDIT).first()
    if actor is None or rdv is None:
        return redirect("usagers:token_letters")
    _switch(request, rdv.pk, actor)
    return redirect("usagers:token_rdv")


def _switch(request: Request, rdv_id: int, actor: UsagerActor | TokenActor) -> None:
    now = timezone.now()
    try:
        if request.POST.get("waiting") == "on":
            wait_for_earlier(rdv_id=rdv_id, actor=actor, now=now)
            messages.success(
                request, _("C’est noté : nous vous prévenons si une date plus proche se libère.")
            )
        else:
            stop_waiting(rdv_id=rdv_id, actor=actor, now=now)
            messages.success(request, _("Vous n’êtes plus sur la liste d’attente."))
    except WaitingRefused as refusal:
        messages.error(request, refusal.message)
