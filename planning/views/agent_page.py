"""What the pages about one agent of one organisation have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone

from agents.permissions import AgentActor
from agents.policies import colleagues_in, organisations_for
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
    organisation = get_or_deny(organisations_for, request.actor, permission, uuid=organisation_uuid)
    timezone.activate(organisation.territoire.zone)
    agents = colleagues_in(request.actor, permission, organisation)
    agent = agents.filter(uuid=agent_uuid).first()
    if agent is not None:
        return organisation, agent
    read = colleagues_in(request.actor, permission.to_read(), organisation)
    if read.filter(uuid=agent_uuid).exists():
        raise PermissionDenied
    raise Http404


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
    organisation = get_or_deny(organisations_for, request.actor, permission, uuid=organisation_uuid)
    agents = colleagues_in(request.actor, permission, organisation)
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
