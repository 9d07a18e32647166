"""Who is asking, in one statement: every page of an agent begins with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from agents.models import Agent, Level, Service
from agents.permissions import AgentActor, Role

if TYPE_CHECKING:
    from rdv.accounts.models import Account

# Written by hand: the ORM takes four statements, and more time to write than to read them.
_READ = """
SELECT agent.*,
  (SELECT json_agg(json_build_array(role.organisation_id, organisation.territoire_id, role.level))
   FROM agents_roleorganisation AS role
   JOIN agents_organisation AS organisation ON organisation.id = role.organisation_id
   WHERE role.agent_id = agent.id AND organisation.archived_at IS NULL
     AND role.level <> %(intervenant)s) AS role_rows,
  (SELECT json_agg(json_build_array(held.territoire_id, held.service_id, service.code))
   FROM agents_agentservice AS held
   JOIN agents_service AS service ON service.id = held.service_id
   WHERE held.agent_id = agent.id) AS service_rows,
  (SELECT json_agg(json_build_array(droit.territoire_id, droit.is_admin, droit.manages_teams,
                                    droit.manages_rights, droit.invites_agents))
   FROM agents_droitterritoire AS droit
   WHERE droit.agent_id = agent.id) AS droit_rows,
  EXISTS (SELECT FROM agents_droitterritoire AS droit
   JOIN agents_territoire AS territoire ON territoire.id = droit.territoire_id
   WHERE droit.agent_id = agent.id AND droit.is_admin AND territoire.requires_two_factor
  ) AS needs_second_factor
FROM agents_agent AS agent
"""
# In the order in which the statement reads them.
_DROITS = (
    Role.TERRITOIRE_ADMIN,
    Role.MANAGES_TEAMS,
    Role.MANAGES_RIGHTS,
    Role.INVITES_AGENTS,
)


def load_agent_actor(*, account: Account) -> AgentActor | None:
    """Return the actor of an account, or None when no active agent holds it.

    `account.agent` is then at hand, without another statement.
    """
    row = _read("agent.account_id = %(key)s AND agent.deactivated_at IS NULL", account.pk)
    if row is None:
        return None
    row.account = account
    return _actor(row)


def is_agent_active(*, account_id: int) -> bool:
    return Agent.objects.active().filter(account_id=account_id).exists()


def agent_actor(agent: Agent) -> AgentActor:
    """Return the actor of `agent`: roles, rights and services as they are now."""
    row = _read("agent.id = %(key)s", agent.pk)
    if row is None:
        raise Agent.DoesNotExist
    return _actor(row)


def signed_by(actor: AgentActor, superadmin: Account | None) -> AgentActor:
    """Return the actor as a super-administrator who acts in their name, if one does."""
    if superadmin is None:
        return actor
    name = _("[Admin] %(admin)s pour %(agent)s") % {
        "admin": superadmin.email,
        "agent": actor.name,
    }
    return replace(actor, name=name, superadmin_id=superadmin.pk)


def _read(condition: str, key: int) -> Any:
    """Return the agent with `role_rows`, `service_rows` and `droit_rows`: lists, None for none."""
    statement = f"{_READ} WHERE {condition}"
    rows = Agent.objects.raw(statement, {"key": key, "intervenant": Level.INTERVENANT.value})
    return next(iter(rows), None)


def _actor(row: Any) -> AgentActor:
    services: dict[int, set[int]] = {}
    secretariats: set[int] = set()
    for territoire, service, code in row.service_rows or ():
        services.setdefault(territoire, set()).add(service)
        if code == Service.SECRETARIAT:
            secretariats.add(territoire)
    roles: dict[int, Role] = {}
    territoires: dict[int, int] = {}
    for organisation, territoire, level in row.role_rows or ():
        territoires[organisation] = territoire
        roles[organisation] = _role(level, is_secretary=territoire in secretariats)
    return AgentActor(
        agent_id=row.pk,
        name=row.full_name,
        roles=roles,
        droits={
            territoire: frozenset(role for role, held in zip(_DROITS, flags, strict=True) if held)
            for territoire, *flags in row.droit_rows or ()
        },
        services={key: frozenset(values) for key, values in services.items()},
        organisation_territoires=territoires,
        needs_second_factor=row.needs_second_factor,
    )


def _role(level: str, *, is_secretary: bool) -> Role:
    if level == Level.ADMIN:
        return Role.ADMIN
    return Role.SECRETARIAT if is_secretary else Role.BASIQUE
