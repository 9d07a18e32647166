"""Whether ProConnect answers for who an agent is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.socialaccount.models import SocialAccount

if TYPE_CHECKING:
    from agents.models import Agent


def is_linked_to_proconnect(agent: Agent) -> bool:
    """Say whether names come from the provider: then they are not for the profile to change."""
    return SocialAccount.objects.filter(user_id=agent.account_id).exists()
