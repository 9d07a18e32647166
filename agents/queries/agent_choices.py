"""What the forms about the staff propose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.models import DroitTerritoire, Equipe, Level, RoleOrganisation, Service
from agents.permissions import Permission
from agents.policies import organisations_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from agents.models import Agent, Organisation, Territoire
    from agents.permissions import Actor


def services_choices(territoire: Territoire) -> list[tuple[str, str]]:
    """Return (code, name) of the services active in the territoire, in order of name."""
    rows = Service.objects.filter(territoire_services__territoire=territoire)
    return list(rows.values_list("code", "name"))


def invitable_organisations(actor: Actor | None, territoire: Territoire) -> QuerySet[Organisation]:
    return organisations_for(actor, Permission.AGENT_INVITE).filter(territoire=territoire)


def level_choices(
    actor: Actor | None, organisations: Sequence[Organisation]
) -> list[tuple[str, str]]:
    """Return the levels that `actor` may give in at least one of these organisations."""
    choices = [(str(Level.BASIQUE), str(Level.BASIQUE.label))]
    keys = {row.pk for row in organisations}
    editable = organisations_for(actor, Permission.AGENT_EDIT).filter(pk__in=keys)
    if editable.exists():
        choices.append((str(Level.ADMIN), str(Level.ADMIN.label)))
    return choices


def organisations_to_join(
    actor: Actor | None, territoire: Territoire, agent: Agent
) -> QuerySet[Organisation]:
    """Return where `actor` may invite and `agent` is not yet."""
    return invitable_organisations(actor, territoire).exclude(roles__agent=agent)


def role_of(agent: Agent, organisation: Organisation) -> RoleOrganisation | None:
    return RoleOrganisation.objects.filter(agent=agent, organisation=organisation).first()


def equipes_of(agent: Agent, territoire: Territoire) -> QuerySet[Equipe]:
    return Equipe.objects.filter(territoire=territoire, agents=agent)


def droit_of(agent_id: int, territoire: Territoire) -> DroitTerritoire | None:
    return DroitTerritoire.objects.filter(agent=agent_id, territoire=territoire).first()


def service_codes_of(agent: Agent, territoire: Territoire) -> list[str]:
    rows = agent.agent_services.filter(territoire=territoire)
    return list(rows.values_list("service__code", flat=True))
