from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from agents.policies import organisations_for
from agents.queries.equipe_list import equipes_with_agents
from rdv.common.access import get_or_deny

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Organisation
    from rdv.common.http import Request


def organisation_of_manager(request: Request, organisation_uuid: UUID) -> Organisation:
    """Return the organisation from which somebody manages the équipes of the territoire, or 404."""
    return get_or_deny(
        lambda actor, wanted: organisations_for(actor, wanted).select_related("territoire"),
        request.actor,
        Permission.TEAM_EDIT,
        uuid=organisation_uuid,
    )


@require_safe
def equipe_list(request: Request, organisation_uuid: UUID) -> HttpResponse:
    organisation = organisation_of_manager(request, organisation_uuid)
    context = {
        "organisation": organisation,
        "menu": "equipes",
        "equipes": equipes_with_agents(request.actor, organisation.territoire),
    }
    return render(request, "agents/equipe_list.html", context)
