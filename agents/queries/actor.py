"""Who is asking, in three statements at most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.models import Agent, AgentService, DroitTerritoire, Level, RoleOrganisation, Service
from agents.permissions import AgentActor, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

DELEGABLE = ("manages_teams", "manages_rights", "invites_agents")


def load_agent_actor(*, account_id: int) -> AgentActor | None:
    """Return the actor of an account, or None when no active agent holds it."""
    agent = Agent.objects.active().filter(account_id=account_id).first()
    return agent_actor(agent) if agent else None


def is_agent_active(*, account_id: int) -> bool:
    return Agent.objects.active().filter(account_id=account_id).exists()


def agent_actor(agent: Agent) -> AgentActor:
    """Return the actor of `agent`: roles, rights and services, read once."""
    services, secretariats = _services(agent)
    roles: dict[int, Role] = {}
    territoires: dict[int, int] = {}
    rows = RoleOrganisation.objects.filter(agent=agent, organisation__archived_at=None).exclude(
        level=Level.INTERVENANT
    )
    for role in rows.select_related("organisation"):
        territoire = role.organisation.territoire_id
        territoires[role.organisation_id] = territoire
        roles[role.organisation_id] = _role(role.level, is_secretary=territoire in secretariats)
    droits = list(
        DroitTerritoire.objects.filter(agent=agent)
        .select_related("territoire")
        .only("is_admin", *DELEGABLE, "agent_id", "territoire__requires_two_factor")
    )
    return AgentActor(
        agent_id=agent.pk,
        name=agent.full_name,
        roles=roles,
        droits=_droits(droits),
        services=services,
        organisation_territoires=territoires,
        needs_second_factor=any(
            droit.is_admin and droit.territoire.requires_two_factor for droit in droits
        ),
    )


def _role(level: str, *, is_secretary: bool) -> Role:
    if level == Level.ADMIN:
        return Role.ADMIN
    return Role.SECRETARIAT if is_secretary else Role.BASIQUE


def _services(agent: Agent) -> tuple[dict[int, frozenset[int]], set[int]]:
    services: dict[int, set[int]] = {}
    secretariats: set[int] = set()
    rows = AgentService.objects.filter(agent=agent).values_list(
        "territoire_id", "service_id", "service__code"
    )
    for territoire, service, code in rows:
        services.setdefault(territoire, set()).add(service)
        if code == Service.SECRETARIAT:
            secretariats.add(territoire)
    return {key: frozenset(values) for key, values in services.items()}, secretariats


def _droits(rows: Iterable[DroitTerritoire]) -> dict[int, frozenset[Role]]:
    droits = {}
    for row in rows:
        flags = {
            Role.TERRITOIRE_ADMIN: row.is_admin,
            Role.MANAGES_TEAMS: row.manages_teams,
            Role.MANAGES_RIGHTS: row.manages_rights,
            Role.INVITES_AGENTS: row.invites_agents,
        }
        droits[row.territoire_id] = frozenset(role for role, held in flags.items() if held)
    return droits
