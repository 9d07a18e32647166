from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.queries.sector_list import attributions_of
from agents.services.sector_edit import delete_sector
from agents.views.sector_list import MENU, edited_sector
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Attribution
    from rdv.common.http import Request


SHOWN = 8


@require_http_methods(["GET", "POST"])
def sector_delete(request: Request, territoire_uuid: UUID, sector_uuid: UUID) -> HttpResponse:
    territoire, sector = edited_sector(request, territoire_uuid, sector_uuid)
    if request.method == "POST":
        try:
            delete_sector(sector_id=sector.pk, actor=request.actor, now=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request, _("Le secteur « %(name)s » est supprimé.") % {"name": sector.name}
            )
        return redirect("agents:sector_list", territoire.uuid)
    zones, receivers = sector.zones.all(), attributions_of(sector)
    context = {
        "territoire": territoire,
        "menu": MENU,
        "sector": sector,
        "zones": zones.count(),
        "zone_names": list(zones[:SHOWN]),
        "receivers": receivers.count(),
        "receiver_names": [_name_of(row) for row in receivers[:SHOWN]],
        "is_last": territoire.sectors.count() == 1,
    }
    return render(request, "agents/sector_delete.html", context)


def _name_of(row: Attribution) -> str:
    return row.agent.full_name if row.agent else row.organisation.name
