"""What the agents are told when one family leaves a RDV that stands (decision 23)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

from notifications.messages.rdv import tell_agents

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agents.models import Agent
    from notifications.messages.rdv import Occasion

CANCELLED_AGENT = "participation_cancelled_agent"


def participation_cancelled(occasion: Occasion, *, agents: Iterable[Agent]) -> None:
    """Tell the agents, without ICS: the RDV stays in their calendars."""
    if not occasion.is_over:
        with translation.override(settings.LANGUAGE_CODE):
            tell_agents(occasion, agents, CANCELLED_AGENT, method=None)
