"""Who may do what: the one table. Pure: no database, no Django (architecture §5).

Roles of `spec/admin-integrations.md` §2 as amended by the product decisions 8, 9, 12, 15.
`docs/permissions.md` is printed from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Permission(StrEnum):
    """`table:verb`. Reading is what tells 403 from 404."""

    AGENDA_READ = "agenda:read"
    RDV_READ = "rdv:read"
    RDV_CREATE = "rdv:create"
    RDV_EDIT = "rdv:edit"
    RDV_CANCEL = "rdv:cancel"
    RDV_DELETE = "rdv:delete"
    RDV_PRESCRIBE = "rdv:prescribe"  # in the other organisations of the territoire (B04)
    PLAGE_READ = "plage:read"
    PLAGE_EDIT = "plage:edit"
    INDISPONIBILITE_READ = "indisponibilite:read"
    INDISPONIBILITE_EDIT = "indisponibilite:edit"
    MOTIF_READ = "motif:read"
    MOTIF_USE = "motif:use"
    MOTIF_OPEN = "motif:open"  # in a plage d'ouverture
    MOTIF_EDIT = "motif:edit"
    LIEU_READ = "lieu:read"
    LIEU_EDIT = "lieu:edit"
    USAGER_READ = "usager:read"
    USAGER_EDIT = "usager:edit"
    USAGER_IMPORT = "usager:import"
    USAGER_ERASE = "usager:erase"  # a person, on their request (decision 26)
    AGENT_READ = "agent:read"
    AGENT_EDIT = "agent:edit"
    AGENT_INVITE = "agent:invite"
    AGENT_REMOVE = "agent:remove"
    ORGANISATION_READ = "organisation:read"
    ORGANISATION_EDIT = "organisation:edit"
    ORGANISATION_CREATE = "organisation:create"
    BOOKING_LINK_READ = "booking_link:read"
    EXPORT_CREATE = "export:create"
    STATS_READ = "stats:read"
    TERRITOIRE_READ = "territoire:read"
    TERRITOIRE_EDIT = "territoire:edit"
    TEAM_EDIT = "team:edit"
    RIGHTS_EDIT = "rights:edit"
    WEBHOOK_EDIT = "webhook:edit"
    AUDIT_READ = "audit:read"

    @property
    def table(self) -> str:
        return self.value.split(":")[0]

    def to_read(self) -> Permission:
        """Return the permission to know that the row exists (itself when there is none)."""
        try:
            return Permission(f"{self.table}:read")
        except ValueError:
            return self


class Role(StrEnum):
    """Roles of an agent, one line each in the table; an intervenant never signs in: no line."""

    BASIQUE = "basique"
    SECRETARIAT = "secretariat"
    ADMIN = "admin"
    TERRITOIRE_ADMIN = "territoire_admin"
    MANAGES_TEAMS = "manages_teams"
    MANAGES_RIGHTS = "manages_rights"
    INVITES_AGENTS = "invites_agents"


class Reach(IntEnum):
    """How far a grant goes; each reach includes the ones before it.

    OWN: rows that bear one's name. SERVICE: rows of one's services in the organisation where the
    role is held. ORGANISATION: the whole organisation. TERRITOIRE: every organisation of it.
    """

    OWN = 1
    SERVICE = 2
    ORGANISATION = 3
    TERRITOIRE = 4


_BASIQUE: dict[Permission, Reach] = {
    Permission.AGENDA_READ: Reach.SERVICE,
    Permission.RDV_READ: Reach.SERVICE,
    Permission.RDV_CREATE: Reach.SERVICE,
    Permission.RDV_EDIT: Reach.SERVICE,
    Permission.RDV_CANCEL: Reach.SERVICE,
    Permission.RDV_PRESCRIBE: Reach.SERVICE,
    Permission.PLAGE_READ: Reach.SERVICE,
    Permission.PLAGE_EDIT: Reach.SERVICE,
    Permission.INDISPONIBILITE_READ: Reach.SERVICE,
    Permission.INDISPONIBILITE_EDIT: Reach.SERVICE,
    Permission.MOTIF_READ: Reach.SERVICE,
    Permission.MOTIF_USE: Reach.SERVICE,
    Permission.MOTIF_OPEN: Reach.SERVICE,
    Permission.LIEU_READ: Reach.ORGANISATION,
    Permission.USAGER_READ: Reach.ORGANISATION,
    Permission.USAGER_EDIT: Reach.ORGANISATION,
    Permission.AGENT_READ: Reach.SERVICE,
    Permission.ORGANISATION_READ: Reach.ORGANISATION,
    Permission.BOOKING_LINK_READ: Reach.ORGANISATION,
    Permission.STATS_READ: Reach.SERVICE,
}

_WIDENED = (
    Permission.AGENDA_READ,
    Permission.RDV_READ,
    Permission.RDV_CREATE,
    Permission.RDV_EDIT,
    Permission.RDV_CANCEL,
    Permission.RDV_PRESCRIBE,
    Permission.PLAGE_READ,
    Permission.PLAGE_EDIT,
    Permission.INDISPONIBILITE_READ,
    Permission.INDISPONIBILITE_EDIT,
    Permission.MOTIF_READ,
    Permission.MOTIF_USE,
    Permission.AGENT_READ,
    Permission.STATS_READ,
)

# Widens the visibility where the agent has a role (decision 15).
_SECRETARIAT = {**_BASIQUE, **dict.fromkeys(_WIDENED, Reach.ORGANISATION)}

_ADMIN = {
    **_SECRETARIAT,
    Permission.RDV_DELETE: Reach.ORGANISATION,
    # A secretary opens plages for the motifs of their services and those marked for them.
    Permission.MOTIF_OPEN: Reach.ORGANISATION,
    Permission.MOTIF_EDIT: Reach.ORGANISATION,
    Permission.LIEU_EDIT: Reach.ORGANISATION,
    Permission.AGENT_EDIT: Reach.ORGANISATION,
    Permission.AGENT_INVITE: Reach.ORGANISATION,
    Permission.AGENT_REMOVE: Reach.ORGANISATION,
    Permission.ORGANISATION_EDIT: Reach.ORGANISATION,
    Permission.EXPORT_CREATE: Reach.ORGANISATION,
    Permission.USAGER_IMPORT: Reach.ORGANISATION,
    Permission.AUDIT_READ: Reach.ORGANISATION,
}

# Decision 12: sees and manages everything in the territoire, and leaves a trace where they hold
# no role; holds the three delegable rights.
_TERRITOIRE_ADMIN = {
    **dict.fromkeys(_ADMIN, Reach.TERRITOIRE),
    Permission.ORGANISATION_CREATE: Reach.TERRITOIRE,
    Permission.TERRITOIRE_READ: Reach.TERRITOIRE,
    Permission.TERRITOIRE_EDIT: Reach.TERRITOIRE,
    Permission.TEAM_EDIT: Reach.TERRITOIRE,
    Permission.RIGHTS_EDIT: Reach.TERRITOIRE,
    Permission.WEBHOOK_EDIT: Reach.TERRITOIRE,
    Permission.USAGER_ERASE: Reach.TERRITOIRE,
}

GRANTS: dict[Role, dict[Permission, Reach]] = {
    Role.BASIQUE: _BASIQUE,
    Role.SECRETARIAT: _SECRETARIAT,
    Role.ADMIN: _ADMIN,
    Role.TERRITOIRE_ADMIN: _TERRITOIRE_ADMIN,
    Role.MANAGES_TEAMS: {
        Permission.TERRITOIRE_READ: Reach.TERRITOIRE,
        Permission.TEAM_EDIT: Reach.TERRITOIRE,
    },
    Role.MANAGES_RIGHTS: {
        Permission.TERRITOIRE_READ: Reach.TERRITOIRE,
        Permission.RIGHTS_EDIT: Reach.TERRITOIRE,
    },
    Role.INVITES_AGENTS: {
        Permission.TERRITOIRE_READ: Reach.TERRITOIRE,
        Permission.AGENT_INVITE: Reach.TERRITOIRE,
    },
}


@dataclass(frozen=True)
class AgentActor:
    """An agent as the policies see them. Keys are database keys.

    `roles`: organisation -> role (BASIQUE, SECRETARIAT or ADMIN). `droits`: territoire -> roles.
    `services`: territoire -> services. `organisation_territoires`: organisation -> territoire.
    """

    agent_id: int
    name: str = ""
    roles: dict[int, Role] = field(default_factory=dict)
    droits: dict[int, frozenset[Role]] = field(default_factory=dict)
    services: dict[int, frozenset[int]] = field(default_factory=dict)
    organisation_territoires: dict[int, int] = field(default_factory=dict)
    # An admin of a territoire that requires two factors; whether they have them is not told here.
    needs_second_factor: bool = False
    # The account of a super-administrator at work in their name: in each trace that is written.
    superadmin_id: int | None = None

    def organisations_with(self, permission: Permission, at_least: Reach) -> frozenset[int]:
        """Organisations where one's own role grants `permission`, at least that far."""
        return frozenset(
            organisation
            for organisation, role in self.roles.items()
            if GRANTS[role].get(permission, 0) >= at_least
        )

    def territoires_with(self, permission: Permission) -> frozenset[int]:
        """Territoires where a right on the whole territoire grants `permission`."""
        return frozenset(
            territoire
            for territoire, roles in self.droits.items()
            if any(GRANTS[role].get(permission, 0) >= Reach.TERRITOIRE for role in roles)
        )

    def services_in(self, organisation_id: int) -> frozenset[int]:
        territoire = self.organisation_territoires.get(organisation_id)
        return self.services.get(territoire, frozenset()) if territoire else frozenset()


@dataclass(frozen=True)
class UsagerActor:
    """A signed-in citizen: `usager_ids` are their fiches, `proche_ids` their relatives'."""

    account_id: int
    usager_ids: frozenset[int] = frozenset()
    proche_ids: frozenset[int] = frozenset()
    name: str = ""

    @property
    def family_ids(self) -> frozenset[int]:
        return self.usager_ids | self.proche_ids


@dataclass(frozen=True)
class TokenActor:
    """Somebody who came by the link of a message, after the letters (decision 11)."""

    token_id: int
    participation_id: int
    usager_id: int
    name: str = ""


@dataclass(frozen=True)
class PrescripteurActor:
    """A partner without account, during one booking."""

    prescripteur_id: int
    name: str = ""


@dataclass(frozen=True)
class SystemActor:
    """Background work. No policy accepts it; services record it as « automatique »."""

    name: str = "automatique"


Actor = AgentActor | UsagerActor | TokenActor | PrescripteurActor | SystemActor
