"""What the agents are told when one family joins or leaves a RDV that stands (decision 23)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifications.messages.rdv import tell_agents

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agents.models import Agent
    from notifications.messages.occasion import Occasion

ADDED_AGENT, CANCELLED_AGENT = "participation_added_agent", "participation_cancelled_agent"


def participation_added(occasion: Occasion, *, agents: Iterable[Agent]) -> None:
    """Tell the agents, without ICS: the RDV is in their calendars. Nobody is named (decision 6)."""
    if not occasion.is_over:
        tell_agents(occasion, agents, ADDED_AGENT, method=None)


def participation_cancelled(occasion: Occasion, *, agents: Iterable[Agent]) -> None:
    """Tell the agents, without ICS: the RDV stays in their calendars."""
    if not occasion.is_over:
        tell_agents(occasion, agents, CANCELLED_AGENT, method=None)
