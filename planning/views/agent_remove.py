from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from agents.services.staff_lock import is_oneself
from planning.queries.agent_departure import departure_of
from planning.services.agent_remove import remove_agent
from planning.views.agent_space import colleagues, open_organisation
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Agent, Organisation
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def agent_remove(request: Request, organisation_uuid: UUID, agent_uuid: UUID) -> HttpResponse:
    """Say what would go and what stands in the way, then remove the agent (G04)."""
    organisation = open_organisation(request, organisation_uuid, Permission.AGENT_REMOVE)
    agent = get_or_deny(
        lambda actor, permission: colleagues(actor, permission, organisation),
        request.actor,
        Permission.AGENT_REMOVE,
        uuid=agent_uuid,
    )
    if request.method == "POST":
        try:
            closed = remove_agent(
                agent_id=agent.pk,
                organisation_id=organisation.pk,
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            return _page(request, organisation, agent, refusal=refusal.message)
        words = (
            _("%(agent)s n’est plus dans %(organisation)s, et son compte est fermé.")
            if closed
            else _("%(agent)s n’est plus dans %(organisation)s.")
        )
        messages.success(
            request, words % {"agent": agent.full_name, "organisation": organisation.name}
        )
        return redirect("agents:agent_list", organisation.uuid)
    return _page(request, organisation, agent)


def _page(
    request: Request, organisation: Organisation, agent: Agent, *, refusal: str = ""
) -> HttpResponse:
    context = {
        "organisation": organisation,
        "menu": "agents",
        "agent": agent,
        "departure": departure_of(agent, organisation, now=timezone.now()),
        "is_oneself": is_oneself(request.actor, agent.pk),
        "refusal": refusal,
    }
    status = 422 if refusal else 200
    return render(request, "planning/agent_remove.html", context, status=status)
