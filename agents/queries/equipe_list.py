"""The équipes of a territoire, and who may be in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch

from agents.models import Agent, RoleOrganisation
from agents.permissions import Permission
from agents.policies import equipes_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agents.models import Equipe, Territoire
    from agents.permissions import Actor


def agents_of_territoire(territoire: Territoire) -> QuerySet[Agent]:
    """Return the active agents who work in one of its organisations, in order of name."""
    roles = RoleOrganisation.objects.filter(
        agent=OuterRef("pk"), organisation__territoire=territoire, organisation__archived_at=None
    )
    return Agent.objects.active().filter(Exists(roles)).select_related("account")


def equipes_with_agents(actor: Actor | None, territoire: Territoire) -> QuerySet[Equipe]:
    """Return those that `actor` manages; `.members` lists the active agents of each."""
    members = Prefetch("agents", agents_of_territoire(territoire), to_attr="members")
    rows = equipes_for(actor, Permission.TEAM_EDIT).filter(territoire=territoire)
    return rows.prefetch_related(members)
