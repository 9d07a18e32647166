from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.forms.sector_edit import SectorForm
from agents.permissions import Permission
from agents.services.sector_edit import create_sector, update_sector
from agents.views.sector_list import MENU, edited_sector
from agents.views.territoire_page import territoire_page
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Sector, Territoire
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def sector_create(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    form = SectorForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            sector = create_sector(
                territoire_id=territoire.pk,
                actor=request.actor,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(
                request, _("Le secteur est créé. Ajoutez ses communes et qui y reçoit.")
            )
            return redirect("agents:sector_detail", territoire.uuid, sector.uuid)
    return _page(request, form, territoire, None)


@require_http_methods(["GET", "POST"])
def sector_edit(request: Request, territoire_uuid: UUID, sector_uuid: UUID) -> HttpResponse:
    territoire, sector = edited_sector(request, territoire_uuid, sector_uuid)
    initial = {"name": sector.name, "human_id": sector.human_id}
    form = SectorForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            update_sector(
                sector_id=sector.pk, actor=request.actor, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Le secteur est enregistré."))
            return redirect("agents:sector_detail", territoire.uuid, sector.uuid)
    return _page(request, form, territoire, sector)


def _page(
    request: Request, form: SectorForm, territoire: Territoire, sector: Sector | None
) -> HttpResponse:
    context = {"form": form, "territoire": territoire, "menu": MENU, "sector": sector}
    return render(request, "agents/sector_edit.html", context, status=422 if form.errors else 200)
