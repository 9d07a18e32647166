"""What an agent should know before an edit is written, and who may be added (E06)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from planning.queries.rdv_warnings import Kind, Proposal, warnings_for

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from agents.permissions import Actor
    from planning.models import Rdv
    from planning.queries.rdv_warnings import RdvWarning


def warnings_of_edit(
    rdv: Rdv,
    *,
    starts_at: datetime | None,
    ends_at: datetime | None,
    lieu_id: int | None,
    agent_ids: Collection[int],
    usagers_in: Collection[int],
    actor: Actor | None,
    now: datetime,
) -> list[RdvWarning]:
    """Return what to confirm on purpose; nothing when time, place, agents and people stay.

    When only people come in, only what is about people.
    """
    present = frozenset(agent.pk for agent in rdv.agents.all())
    stays = (
        starts_at in {None, rdv.starts_at}
        and ends_at in {None, rdv.ends_at}
        and lieu_id in {None, rdv.lieu_id}
        and frozenset(agent_ids) == present
    )
    if stays and not usagers_in:
        return []
    people = [row.usager_id for row in rdv.participations.all() if not row.is_cancelled]
    proposal = Proposal(
        organisation=rdv.organisation,
        motif=rdv.motif,
        starts_at=starts_at or rdv.starts_at,
        ends_at=ends_at or rdv.ends_at,
        lieu_id=lieu_id or rdv.lieu_id,
        agent_ids=tuple(sorted(agent_ids)),
        usager_ids=tuple({*people, *usagers_in}),
        rdv_id=rdv.pk,
    )
    found = warnings_for(proposal, actor=actor, now=now)
    return [one for one in found if one.kind == Kind.SAME_DAY or not stays]


def fingerprint_of(warnings: Iterable[RdvWarning]) -> str:
    """Return what tells these warnings from others: only those that were read are accepted."""
    text = "\n".join(warning.text for warning in warnings)
    return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""
