"""What the pages about one agent of one organisation have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect

from agents.permissions import AgentActor
from planning.views.agent_space import colleagues, open_organisation
from rdv.common.access import get_or_deny

if TYPE_CHECKING:
    from django.core.paginator import Page
    from django.db.models import QuerySet
    from django.http import HttpResponseRedirect

    from agents.models import Agent, Organisation
    from agents.permissions import Permission
    from rdv.common.http import Request

PER_PAGE = 20


def agent_page(
    request: Request, organisation_uuid: UUID, agent_uuid: UUID, permission: Permission
) -> tuple[Organisation, Agent]:
    """Return both rows, or 404 / 403; dates are then printed in the zone of the territoire."""
    organisation = open_organisation(request, organisation_uuid, permission)
    agent = get_or_deny(
        lambda actor, wanted: colleagues(actor, wanted, organisation),
        request.actor,
        permission,
        uuid=agent_uuid,
    )
    return organisation, agent


def other_agent(
    request: Request,
    *,
    url_name: str,
    permission: Permission,
    organisation_uuid: UUID,
    agent_uuid: UUID,
) -> HttpResponseRedirect | None:
    """Return where to go when the switcher asks for somebody else, else None.

    Also for an admin of the territoire who follows the menu of an organisation where they have no
    agenda of their own: the first agent there.
    """
    chosen = request.GET.get("agent")
    if chosen and chosen != str(agent_uuid):
        organisation, agent = agent_page(request, organisation_uuid, _uuid(chosen), permission)
        return redirect(url_name, organisation.uuid, agent.uuid)
    if not isinstance(request.actor, AgentActor) or request.user.agent.uuid != agent_uuid:
        return None
    organisation = open_organisation(request, organisation_uuid, permission)
    agents = colleagues(request.actor, permission, organisation)
    if agents.filter(uuid=agent_uuid).exists():
        return None
    first = agents.first()
    return redirect(url_name, organisation.uuid, first.uuid) if first else None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def page_of(rows: QuerySet[Any], request: Request) -> Page[Any]:
    """Return the page that `?page=` asks for, or the nearest."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def is_own(request: Request, agent: Agent) -> bool:
    return isinstance(request.actor, AgentActor) and request.actor.agent_id == agent.pk
