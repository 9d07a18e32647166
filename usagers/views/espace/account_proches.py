"""The relatives of somebody who is signed in: added, corrected, removed (A07, A08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.services.proche_remove import remove_proche
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError
from usagers.forms.booking_company import ProcheForm
from usagers.queries.own_fiches import own_fiches, own_proches
from usagers.services.proche_edit import ProcheFields, save_proche
from usagers.views.espace.access import usager_required
from usagers.views.espace.account import own

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request
    from usagers.models import Usager


@usager_required
@require_http_methods(["GET", "HEAD", "POST"])
def proche_add(request: Request, usager_uuid: UUID) -> HttpResponse:
    fiche = get_or_deny(own_fiches, request.actor, Permission.USAGER_EDIT, uuid=usager_uuid)
    return _edit(request, fiche, None)


@usager_required
@require_http_methods(["GET", "HEAD", "POST"])
def proche_edit(request: Request, usager_uuid: UUID) -> HttpResponse:
    proche = get_or_deny(own_proches, request.actor, Permission.USAGER_EDIT, uuid=usager_uuid)
    assert proche.responsable is not None  # a relative of the account
    return _edit(request, proche.responsable, proche)


@usager_required
@require_http_methods(["GET", "HEAD", "POST"])
def proche_remove(request: Request, usager_uuid: UUID) -> HttpResponse:
    proche = get_or_deny(own_proches, request.actor, Permission.USAGER_EDIT, uuid=usager_uuid)
    refusal, status = "", 200
    if request.method == "POST":
        try:
            remove_proche(usager_id=proche.pk, actor=own(request), now=timezone.now())
        except DomainError as error:
            refusal, status = error.message, 422
        else:
            messages.success(request, _("Cette personne n’est plus parmi vos proches."))
            return redirect("usagers:account")
    context = {"proche": proche, "refusal": refusal}
    return render(request, "usagers/espace/proche_remove.html", context, status=status)


def _edit(request: Request, fiche: Usager, proche: Usager | None) -> HttpResponse:
    timezone.activate(fiche.territoire.zone)
    initial = {
        name: getattr(proche, name) for name in ("first_name", "last_name", "birth_date") if proche
    }
    form = ProcheForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                save_proche(
                    responsable=fiche,
                    fields=ProcheFields(**form.cleaned_data),
                    actor=request.actor,
                    now=timezone.now(),
                    proche=proche,
                )
            except DomainError as refusal:
                form.add_refusal(refusal)
            else:
                messages.success(request, _("Les informations sont enregistrées."))
                return redirect("usagers:account")
    context = {"form": form, "proche": proche, "territoire": fiche.territoire}
    return render(request, "usagers/espace/proche_edit.html", context, status=status)
