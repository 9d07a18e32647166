"""Which agents may be named référents of a person, or looked for as such."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.permissions import Permission
from agents.policies import colleagues_in

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agents.models import Agent, Organisation
    from agents.permissions import Actor


def nameable_agents(actor: Actor | None, organisation: Organisation) -> QuerySet[Agent]:
    """Return oneself and the colleagues that `actor` sees in the organisation, by name."""
    rows = colleagues_in(actor, Permission.AGENT_READ, organisation)
    return rows.select_related("account").order_by("sort_key", "pk")
