"""What « Trouver un RDV » takes from a RDV under preparation: never a name, only how many."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from agents.permissions import AgentActor
from planning.models import RdvDraft

if TYPE_CHECKING:
    from agents.models import Organisation
    from agents.permissions import Actor
    from planning.forms.slot_search import Criteria


@dataclass(frozen=True)
class Draft:
    uuid: UUID
    persons: int

    def complete(self, criteria: Criteria) -> Criteria:
        return replace(criteria)


def draft_of(actor: Actor | None, organisation: Organisation, uuid: str) -> Draft | None:
    """Return the draft of this agent in this organisation, None for any other."""
    if not isinstance(actor, AgentActor):
        return None
    try:
        key = UUID(uuid)
    except ValueError:
        return None
    row = RdvDraft.objects.filter(uuid=key, agent=actor.agent_id, organisation=organisation).first()
    return Draft(key, len(row.content.get("usagers", ()))) if row else None
