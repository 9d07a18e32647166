"""Which agendas stand side by side, and which may be added: colleagues, and équipes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.models import EquipeAgent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from uuid import UUID

    from agents.models import Agent, Equipe, Organisation

MAX_AGENTS = 30


@dataclass(frozen=True)
class EquipeChoice:
    """An équipe, and those of its agents whose agenda may be seen here."""

    equipe: Equipe
    agents: tuple[Agent, ...]


def equipe_choices(organisation: Organisation, visible: Sequence[Agent]) -> list[EquipeChoice]:
    """Return the équipes of the territoire that hold one of `visible`, in one statement."""
    known = {agent.pk: agent for agent in visible}
    rows = (
        EquipeAgent.objects.filter(agent__in=known, equipe__territoire=organisation.territoire_id)
        .select_related("equipe")
        .order_by("equipe__name", "equipe", "agent__sort_key", "agent")
    )
    found: dict[Equipe, list[Agent]] = {}
    for row in rows:
        found.setdefault(row.equipe, []).append(known[row.agent_id])
    return [EquipeChoice(equipe, tuple(agents)) for equipe, agents in found.items()]


def side_by_side(
    owner: Agent,
    *,
    visible: Iterable[Agent],
    equipes: Iterable[EquipeChoice],
    wanted: Collection[UUID],
    wanted_equipes: Collection[UUID],
) -> list[Agent]:
    """Return `owner`, then the others asked for by name or by équipe, in the order of `visible`.

    Who may not be seen is left out: `visible` decides.
    """
    teams = [choice for choice in equipes if choice.equipe.uuid in wanted_equipes]
    members = {agent.pk for choice in teams for agent in choice.agents}
    others = [
        agent
        for agent in visible
        if agent.pk != owner.pk and (agent.uuid in wanted or agent.pk in members)
    ]
    return [owner, *others]
