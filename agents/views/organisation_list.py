from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from agents.queries.organisation_list import organisation_groups
from agents.views.account import agent_actor_or_403

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request


@require_safe
def organisation_list(request: Request) -> HttpResponse:
    actor = agent_actor_or_403(request)
    context = {
        "organisation": None,
        "menu": "organisations",
        "groups": organisation_groups(actor),
    }
    return render(request, "agents/organisation_list.html", context)
