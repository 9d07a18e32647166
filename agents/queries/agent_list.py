"""Who works in an organisation, or in a territoire: agents, intervenants and invited addresses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch, Q

from agents.models import (
    Agent,
    AgentService,
    DroitTerritoire,
    Equipe,
    Invitation,
    InvitationRole,
    InvitationService,
    Level,
    Organisation,
    RoleOrganisation,
)
from agents.rules.invitation import is_inactive
from rdv.common.text_keys import fold

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from agents.models import Territoire


@dataclass
class StaffLine:
    """A line of the list.

    `agent` is None for an address that joins by accepting only: nothing but what its inviter typed
    is known here.
    """

    email: str
    name: str = ""
    agent: Agent | None = None
    invitation: Invitation | None = None
    roles: list[tuple[Organisation, str]] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    equipes: list[str] = field(default_factory=list)
    droit: DroitTerritoire | None = None
    is_inactive: bool = False
    has_expired: bool = False

    @property
    def sort_key(self) -> str:
        """Last name first, as in every list of agents; what is known of an invited address."""
        return self.agent.sort_key if self.agent and self.name else fold(self.email)

    @property
    def level(self) -> str:
        """Return the value of the first role: of the only one, in the list of an organisation."""
        return self.roles[0][1] if self.roles else ""

    @property
    def level_name(self) -> str:
        return str(Level(self.level).label) if self.level else ""

    @property
    def organisation(self) -> Organisation:
        return self.roles[0][0]

    @property
    def is_intervenant(self) -> bool:
        return self.agent is not None and self.agent.account is None


def staff_lines(
    territoire: Territoire,
    *,
    organisation: Organisation | None = None,
    search: str = "",
    now: datetime,
) -> list[StaffLine]:
    """Return who works in `organisation` (or anywhere in the territoire), by name; six statements.

    Invited addresses come first: somebody waits for them. `search`: words of the name or the
    e-mail, accents and case apart.
    """
    places = Organisation.objects.filter(territoire=territoire, archived_at=None)
    if organisation is not None:
        places = places.filter(pk=organisation.pk)
    lines = [_agent_line(agent, now) for agent in _agents(territoire, places, organisation, search)]
    lines += [_waiting_line(row, now) for row in _waiting(territoire, places, search)]
    return sorted(lines, key=lambda line: (line.invitation is None, line.sort_key))


def _agents(
    territoire: Territoire,
    places: QuerySet[Organisation],
    organisation: Organisation | None,
    search: str,
) -> QuerySet[Agent]:
    roles = RoleOrganisation.objects.filter(organisation__in=places.values("pk"))
    here = Q(Exists(roles.filter(agent=OuterRef("pk"))))
    if organisation is None:
        here |= Q(
            Exists(DroitTerritoire.objects.filter(agent=OuterRef("pk"), territoire=territoire))
        )
    rows = Agent.objects.active().filter(here).select_related("account")
    for word in fold(search).split():
        rows = rows.filter(Q(sort_key__contains=word) | Q(account__email__contains=word))
    return rows.prefetch_related(
        Prefetch(
            "roles",
            roles.select_related("organisation").order_by("organisation__name", "pk"),
            to_attr="roles_here",
        ),
        Prefetch(
            "agent_services",
            AgentService.objects.filter(territoire=territoire)
            .select_related("service")
            .order_by("service__name"),
            to_attr="services_here",
        ),
        Prefetch("equipes", Equipe.objects.filter(territoire=territoire), to_attr="equipes_here"),
        Prefetch(
            "droits", DroitTerritoire.objects.filter(territoire=territoire), to_attr="droits_here"
        ),
        Prefetch(
            "invitations",
            Invitation.objects.pending().filter(territoire=territoire, joins_by_accepting=False),
            to_attr="pending_here",
        ),
    )


def _agent_line(agent: Agent, now: datetime) -> StaffLine:
    found = vars(agent)
    invited = agent.is_invited
    pending = found["pending_here"][0] if invited and found["pending_here"] else None
    return StaffLine(
        email=agent.email,
        name=f"{agent.first_name} {agent.last_name.upper()}".strip(),
        agent=agent,
        invitation=pending,
        roles=[(role.organisation, role.level) for role in found["roles_here"]],
        services=[row.service.name for row in found["services_here"]],
        equipes=[row.name for row in found["equipes_here"]],
        droit=next(iter(found["droits_here"]), None),
        is_inactive=is_inactive(
            has_account=agent.account is not None,
            is_invited=invited,
            last_login=agent.account.last_login if agent.account else None,
            now=now,
        ),
        has_expired=pending is not None and now >= pending.expires_at,
    )


def _waiting(
    territoire: Territoire, places: QuerySet[Organisation], search: str
) -> QuerySet[Invitation]:
    roles = InvitationRole.objects.filter(organisation__in=places.values("pk"))
    rows = (
        Invitation.objects.pending()
        .filter(territoire=territoire, joins_by_accepting=True)
        .filter(Exists(roles.filter(invitation=OuterRef("pk"))))
    )
    for word in fold(search).split():
        rows = rows.filter(email__contains=word)
    return rows.prefetch_related(
        Prefetch(
            "waiting_roles",
            roles.select_related("organisation").order_by("organisation__name", "pk"),
            to_attr="roles_here",
        ),
        Prefetch(
            "invitation_services",
            InvitationService.objects.select_related("service").order_by("service__name"),
            to_attr="services_here",
        ),
    )


def _waiting_line(invitation: Invitation, now: datetime) -> StaffLine:
    found = vars(invitation)
    return StaffLine(
        email=invitation.email,
        invitation=invitation,
        roles=[(role.organisation, role.level) for role in found["roles_here"]],
        services=[row.service.name for row in found["services_here"]],
        has_expired=now >= invitation.expires_at,
    )
