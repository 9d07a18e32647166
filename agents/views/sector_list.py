from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from agents.policies import sectors_for
from agents.queries.sector_list import sectors_of
from agents.views.territoire_page import territoire_page
from rdv.common.access import get_or_deny

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Sector, Territoire
    from rdv.common.http import Request

MENU = "sectors"


@require_safe
def sector_list(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    context = {"territoire": territoire, "menu": MENU, "sectors": sectors_of(territoire)}
    return render(request, "agents/sector_list.html", context)


def edited_sector(
    request: Request, territoire_uuid: UUID, sector_uuid: UUID
) -> tuple[Territoire, Sector]:
    """Return both rows, or 404 / 403; a sector of another territoire is not there."""
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    sector = get_or_deny(
        lambda actor, wanted: sectors_for(actor, wanted).filter(territoire=territoire),
        request.actor,
        Permission.TERRITOIRE_EDIT,
        uuid=sector_uuid,
    )
    return territoire, sector
