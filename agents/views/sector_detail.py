"""A sector: its zones, who receives; each button is a POST that comes back here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from agents.forms.sector_edit import ReceiverForm, ZoneForm, uuids_of
from agents.queries.sector_list import attributions_of, receivers_left
from agents.services.sector_edit import (
    ZoneFields,
    add_zone,
    attribute,
    end_attribution,
    remove_zones,
)
from agents.views.sector_list import MENU, edited_sector
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Sector, Territoire
    from rdv.common.http import Request

ZONES_A_PAGE = 100


@require_safe
def sector_detail(request: Request, territoire_uuid: UUID, sector_uuid: UUID) -> HttpResponse:
    return _page(request, *edited_sector(request, territoire_uuid, sector_uuid))


@require_POST
def sector_zone_add(request: Request, territoire_uuid: UUID, sector_uuid: UUID) -> HttpResponse:
    territoire, sector = edited_sector(request, territoire_uuid, sector_uuid)
    form = ZoneForm(request.POST)
    if form.is_valid():
        try:
            zone = add_zone(
                sector_id=sector.pk,
                fields=ZoneFields(**form.cleaned_data),
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("« %(name)s » est ajoutée.") % {"name": zone})
            return redirect("agents:sector_detail", territoire.uuid, sector.uuid)
    return _page(request, territoire, sector, zone_form=form)


@require_POST
def sector_zones_remove(request: Request, territoire_uuid: UUID, sector_uuid: UUID) -> HttpResponse:
    """Remove the zones that are ticked, or all of them."""
    territoire, sector = edited_sector(request, territoire_uuid, sector_uuid)
    zones = None if "all" in request.POST else uuids_of(request.POST.getlist("zones"))
    try:
        removed = remove_zones(
            sector_id=sector.pk, zones=zones, actor=request.actor, now=timezone.now()
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        if removed:
            told = ngettext("%(n)s zone retirée.", "%(n)s zones retirées.", removed)
            messages.success(request, told % {"n": removed})
        else:
            messages.warning(request, _("Cochez au moins une zone."))
    return redirect("agents:sector_detail", territoire.uuid, sector.uuid)


@require_POST
def sector_attribute(request: Request, territoire_uuid: UUID, sector_uuid: UUID) -> HttpResponse:
    territoire, sector = edited_sector(request, territoire_uuid, sector_uuid)
    form = ReceiverForm(request.POST, groups=_receivers(sector))
    if form.is_valid():
        organisation, agent = form.chosen
        try:
            attribute(
                sector_id=sector.pk,
                organisation_uuid=organisation,
                agent_uuid=agent,
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("L’attribution est enregistrée."))
            return redirect("agents:sector_detail", territoire.uuid, sector.uuid)
    return _page(request, territoire, sector, receiver_form=form)


@require_POST
def sector_attribution_end(
    request: Request, territoire_uuid: UUID, sector_uuid: UUID, attribution_uuid: UUID
) -> HttpResponse:
    territoire, sector = edited_sector(request, territoire_uuid, sector_uuid)
    try:
        end_attribution(
            sector_id=sector.pk,
            attribution=attribution_uuid,
            actor=request.actor,
            now=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("L’attribution est retirée."))
    return redirect("agents:sector_detail", territoire.uuid, sector.uuid)


def _receivers(sector: Sector) -> list[Any]:
    return receivers_left(sector, _("Toute l’organisation"))


def _page(
    request: Request,
    territoire: Territoire,
    sector: Sector,
    *,
    zone_form: ZoneForm | None = None,
    receiver_form: ReceiverForm | None = None,
) -> HttpResponse:
    refused = zone_form or receiver_form
    context = {
        "territoire": territoire,
        "menu": MENU,
        "sector": sector,
        "page": Paginator(sector.zones.all(), ZONES_A_PAGE).get_page(request.GET.get("page")),
        "attributions": attributions_of(sector),
        "refused": refused,
        "zone_form": zone_form or ZoneForm(),
        "receiver_form": receiver_form or ReceiverForm(groups=_receivers(sector)),
    }
    return render(request, "agents/sector_detail.html", context, status=422 if refused else 200)
