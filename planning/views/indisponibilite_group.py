from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from planning.queries.indisponibilite_list import group_rows
from planning.views.agent_space import open_organisation

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request

# An address holds no more than what a browser and a proxy let through.
MOST = 100


@require_safe
def indisponibilite_group(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """The RDVs under several indisponibilités, `?i=` each, agent by agent (E03, E14)."""
    organisation = open_organisation(request, organisation_uuid, Permission.INDISPONIBILITE_EDIT)
    wanted = [found for text in request.GET.getlist("i")[:MOST] if (found := _uuid(text))]
    rows = group_rows(request.actor, wanted, now=timezone.now())
    context = {
        "organisation": organisation,
        "menu": "indisponibilites",
        "rows": [row for row in rows if row.covered.count],
        "free": [row.indisponibilite.agent for row in rows if not row.covered.count],
        "count": sum(row.covered.count for row in rows),
    }
    return render(request, "planning/indisponibilite_group.html", context)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
