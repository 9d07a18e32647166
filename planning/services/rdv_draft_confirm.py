"""The last step: the draft becomes a RDV, once (E05)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from planning.queries.rdv_draft import CONFIRM, read_draft
from planning.rules.rdv_draft import DraftContent
from planning.services.rdv_create import NewRdv, RdvInvalid, Told, create_rdv
from planning.services.rdv_draft_save import lock_draft

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from agents.permissions import AgentActor
    from planning.models import Rdv
    from planning.queries.rdv_draft import Draft

INCOMPLETE = "Il manque une information pour créer ce RDV."


@transaction.atomic
def confirm_rdv_draft(
    *,
    draft_id: int,
    told: Mapping[int, Told],
    accepts_overlap: bool,
    actor: AgentActor,
    now: datetime,
) -> Rdv:
    """Create the RDV; of the draft, only its identifier remains, so that a second click finds it.

    Raises DraftGone, and everything that `create_rdv` raises: then the draft is untouched.
    """
    row = lock_draft(draft_id, actor)
    draft = read_draft(row, actor=actor, organisation=row.organisation)
    rdv = create_rdv(
        fields=_fields(draft, told, accepts_overlap=accepts_overlap), actor=actor, now=now
    )
    row.content = DraftContent(rdv=str(rdv.uuid)).to_json()
    row.updated_at = max(now, row.created_at)
    row.save(update_fields=["content", "updated_at"])
    return rdv


def _fields(draft: Draft, told: Mapping[int, Told], *, accepts_overlap: bool) -> NewRdv:
    """Return what the agent has read on the last page: keys they lost since are not in it."""
    content = draft.content
    if draft.missing_step != CONFIRM or not (draft.motif and content.starts_at and content.ends_at):
        raise RdvInvalid(INCOMPLETE)
    return NewRdv(
        organisation_id=draft.organisation.pk,
        motif_id=draft.motif.pk,
        starts_at=content.starts_at,
        ends_at=content.ends_at,
        agent_ids=tuple(agent.pk for agent in draft.agents),
        usager_ids=tuple(usager.pk for usager in draft.usagers),
        lieu_id=draft.lieu.pk if draft.lieu else None,
        lieu_name=content.lieu_name,
        lieu_address=content.lieu_address,
        context=content.context,
        title=content.title,
        seats_total=content.seats_total,
        told=told,
        accepts_overlap=accepts_overlap,
        from_slot=content.from_slot,
    )
