"""Whether an agent's own address refuses our mails (C07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifications.blocking import blocked_among
from notifications.models import Channel

if TYPE_CHECKING:
    from agents.models import Agent
    from notifications.models import BlockedAddress


def blocked_of_agent(agent: Agent) -> BlockedAddress | None:
    """Return the block in force on the agent's address; one statement."""
    found = blocked_among([(Channel.EMAIL, agent.email)])
    return found[0] if found else None
