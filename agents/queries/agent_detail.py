"""What one page of « Espace admin » says of an agent, and what its reader may change (§3.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.models import DroitTerritoire, RoleOrganisation
from agents.permissions import AgentActor, Permission, Reach
from agents.queries.blocked_address import blocked_of_agent
from rdv.accounts.second_factor import has_second_factor

if TYPE_CHECKING:
    from agents.models import Agent, Equipe, Organisation, Service, Territoire
    from agents.permissions import Actor
    from notifications.models import BlockedAddress


@dataclass(frozen=True)
class RoleLine:
    organisation: Organisation
    level: str
    level_name: str
    may_edit: bool
    may_remove: bool


@dataclass(frozen=True)
class AgentCard:
    agent: Agent
    roles: list[RoleLine]
    services: list[Service]
    equipes: list[Equipe]
    droit: DroitTerritoire | None
    is_oneself: bool
    may_services: bool
    may_equipes: bool
    may_rights: bool
    may_join: bool
    # None: the reader does not administer the territoire, or the agent does not sign in.
    has_second_factor: bool | None
    # The reader may clear it; None when nothing is blocked.
    blocked: BlockedAddress | None


def agent_card(agent: Agent, territoire: Territoire, *, actor: Actor | None) -> AgentCard:
    """Return the roles, services, équipes and rights in this territoire; six statements."""
    assert isinstance(actor, AgentActor)
    rows = RoleOrganisation.objects.filter(
        agent=agent, organisation__territoire=territoire, organisation__archived_at=None
    )
    may = {
        permission: territoire.pk in actor.territoires_with(permission)
        for permission in (
            Permission.AGENT_EDIT,
            Permission.TEAM_EDIT,
            Permission.RIGHTS_EDIT,
            Permission.AGENT_INVITE,
            Permission.TERRITOIRE_EDIT,
        )
    }
    signs_in = agent.account is not None
    administers = may[Permission.TERRITOIRE_EDIT] and signs_in and not agent.is_invited
    return AgentCard(
        agent=agent,
        roles=[
            _line(row, actor)
            for row in rows.select_related("organisation").order_by("organisation__name", "pk")
        ],
        services=[
            row.service
            for row in agent.agent_services.filter(territoire=territoire)
            .select_related("service")
            .order_by("service__name")
        ],
        equipes=list(agent.equipes.filter(territoire=territoire)),
        droit=DroitTerritoire.objects.filter(agent=agent, territoire=territoire).first(),
        is_oneself=actor.agent_id == agent.pk,
        may_services=may[Permission.AGENT_EDIT],
        may_equipes=may[Permission.TEAM_EDIT],
        may_rights=may[Permission.RIGHTS_EDIT] and signs_in,
        may_join=may[Permission.AGENT_INVITE] and signs_in,
        has_second_factor=_is_protected(agent) if administers else None,
        blocked=blocked_of_agent(agent) if administers else None,
    )


def _is_protected(agent: Agent) -> bool:
    return agent.account is not None and has_second_factor(agent.account.pk)


def _line(row: RoleOrganisation, actor: AgentActor) -> RoleLine:
    def may(permission: Permission) -> bool:
        return row.organisation_id in actor.organisations_with(
            permission, Reach.ORGANISATION
        ) or row.organisation.territoire_id in actor.territoires_with(permission)

    return RoleLine(
        organisation=row.organisation,
        level=row.level,
        level_name=row.get_level_display(),
        may_edit=may(Permission.AGENT_EDIT),
        may_remove=may(Permission.AGENT_REMOVE),
    )
