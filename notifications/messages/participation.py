"""What the agents are told when people join or leave a RDV that stands (E07, decision 23).

Without ICS, the RDV stays in their calendars: that of who joins may hold names (decision 6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifications.messages.rdv import tell_agents

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agents.models import Agent
    from notifications.messages.occasion import Occasion
    from planning.models import Participation

CANCELLED_AGENT = "participation_cancelled_agent"
ADDED_AGENT = "participation_added_agent"


def participation_cancelled(occasion: Occasion, *, agents: Iterable[Agent]) -> None:
    if not occasion.is_over:
        tell_agents(occasion, agents, CANCELLED_AGENT, method=None)


def participation_added(
    occasion: Occasion, *, participations: Iterable[Participation], agents: Iterable[Agent]
) -> None:
    people = names_of(participations)
    if people and not occasion.is_over:
        tell_agents(occasion, agents, ADDED_AGENT, method=None, extra={"people": people})


def names_of(participations: Iterable[Participation]) -> str:
    return ", ".join(row.usager.full_name for row in participations)
