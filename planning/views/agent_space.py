"""What the pages of the agents share: an agent, an organisation, the territoire's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.utils import timezone

from agents.permissions import AgentActor, Permission
from agents.policies import colleagues_in, organisations_for, territoires_for
from agents.services.audit_look import record_looks, record_looks_at
from rdv.common.access import get_or_deny

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from agents.models import Agent, Organisation, Territoire
    from agents.permissions import Actor
    from planning.models import Rdv
    from planning.queries.agenda import Agenda
    from rdv.common.http import Request


def require_agent(request: Request) -> AgentActor:
    """Return the actor of an agent. An usager never learns that these pages exist (G08)."""
    actor = request.actor
    if not isinstance(actor, AgentActor):
        raise Http404
    return actor


def open_organisation(
    request: Request, organisation_uuid: UUID, permission: Permission
) -> Organisation:
    """Return the organisation of the page, and print its dates in the zone of its territoire."""
    require_agent(request)
    organisation = get_or_deny(_with_territoire, request.actor, permission, uuid=organisation_uuid)
    timezone.activate(organisation.territoire.zone)
    return organisation


def open_territoire(request: Request, territoire_uuid: UUID, permission: Permission) -> Territoire:
    """Return the territoire of a page of « Espace admin », and print dates in its zone."""
    require_agent(request)
    territoire = get_or_deny(territoires_for, request.actor, permission, uuid=territoire_uuid)
    timezone.activate(territoire.zone)
    return territoire


def _with_territoire(actor: Actor | None, permission: Permission) -> QuerySet[Organisation]:
    return organisations_for(actor, permission).select_related("territoire")


def colleagues(
    actor: Actor | None, permission: Permission, organisation: Organisation
) -> QuerySet[Agent]:
    """Return the agents of the organisation, in order of name, with what their names need."""
    return colleagues_in(actor, permission, organisation).select_related("account")


def agenda_owner(request: Request, organisation: Organisation, agent_uuid: UUID | str) -> Agent:
    """Return the agent whose agenda is asked, among those that the actor may see."""
    return get_or_deny(
        lambda actor, permission: colleagues(actor, permission, organisation),
        request.actor,
        Permission.AGENDA_READ,
        uuid=agent_uuid,
    )


def record_look_at(
    request: Request, organisation: Organisation, shown: Agenda, now: datetime
) -> None:
    """Audit the look: the organisation of the page, and those of the RDVs shown in full."""
    seen = {agent.pk: {organisation.pk} for agent in shown.agents}
    for rdv in shown.rdvs:
        for pk in shown.holders[rdv.pk]:
            seen[pk].add(rdv.organisation_id)
    record_looks_at(
        {agent.uuid: seen[agent.pk] for agent in shown.agents},
        action="agenda_seen",
        object_kind="agent",
        actor=request.actor,
        now=now,
    )


def open_rdv(
    request: Request,
    policy: Callable[[Actor | None, Permission], QuerySet[Rdv]],
    permission: Permission,
    rdv_uuid: UUID,
    *,
    now: datetime,
) -> Rdv:
    """Return the RDV of the page, audit the look, and follow the clock of its territoire."""
    require_agent(request)
    rdv = get_or_deny(policy, request.actor, permission, uuid=rdv_uuid)
    timezone.activate(rdv.organisation.territoire.zone)
    record_looks(
        action="rdv_seen",
        object_kind="rdv",
        object_uuid=rdv.uuid,
        organisation_ids=[rdv.organisation_id],
        actor=request.actor,
        now=now,
        with_own=True,
    )
    return rdv
