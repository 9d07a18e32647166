"""What a move would change, who would be told, what stands in its way: read before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planning.queries.rdv_overlaps import overlaps_of
from planning.queries.rdv_told import told_of_moving
from planning.queries.rdv_warnings import Kind, Proposal, warnings_for

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Agent
    from agents.permissions import AgentActor
    from planning.models import Rdv
    from planning.queries.rdv_told import Told


@dataclass(frozen=True)
class Target:
    """Where a RDV would go; `leaving` and `joining` when it changes hands."""

    starts_at: datetime
    ends_at: datetime
    leaving: Agent | None = None
    joining: Agent | None = None

    @property
    def agent_from_to(self) -> tuple[int, int] | None:
        return (self.leaving.pk, self.joining.pk) if self.leaving and self.joining else None


@dataclass(frozen=True)
class MovePreview:
    """`agents` are those of the RDV afterwards. `overlaps` must be accepted on purpose."""

    agents: tuple[Agent, ...]
    told: Told
    overlaps: tuple[str, ...]
    warnings: tuple[str, ...]


def is_change(rdv: Rdv, target: Target) -> bool:
    """Say whether anything would change; the zone in which an instant is written does not count."""
    return _is_moved(rdv, target) or target.agent_from_to is not None


def changes_end_only(rdv: Rdv, target: Target) -> bool:
    """Say whether the RDV stays where it is, and only ends sooner or later."""
    return rdv.starts_at == target.starts_at and target.agent_from_to is None


def _is_moved(rdv: Rdv, target: Target) -> bool:
    return (rdv.starts_at, rdv.ends_at) != (target.starts_at, target.ends_at)


def move_preview(rdv: Rdv, target: Target, *, actor: AgentActor, now: datetime) -> MovePreview:
    """Return the preview; reads `rdv.agents` and `rdv.participations`, which are prefetched."""
    before = list(rdv.agents.all())
    after = [agent for agent in before if agent != target.leaving]
    joining = [target.joining] if target.joining else []
    is_moved = _is_moved(rdv, target)
    proposal = Proposal(
        organisation=rdv.organisation,
        motif=rdv.motif,
        starts_at=target.starts_at,
        ends_at=target.ends_at,
        lieu_id=rdv.lieu_id,
        agent_ids=tuple(agent.pk for agent in after + joining),
        usager_ids=tuple(row.usager_id for row in rdv.participations.all()),
        rdv_id=rdv.pk,
    )
    overlaps = overlaps_of(
        agent_ids=[agent.pk for agent in (after + joining if is_moved else joining)],
        starts_at=target.starts_at,
        ends_at=target.ends_at,
        actor=actor,
        excluded_rdv_id=rdv.pk,
    )
    found = warnings_for(proposal, actor=actor, now=now)
    return MovePreview(
        agents=(*after, *joining),
        told=told_of_moving(
            rdv,
            starts_at=target.starts_at,
            is_moved=is_moved,
            agents=[*before, *joining],
            actor=actor,
            now=now,
        ),
        overlaps=tuple(overlap.text(proposal.zone) for overlap in overlaps),
        warnings=tuple(warning.text for warning in found if warning.kind != Kind.OVERLAP),
    )
