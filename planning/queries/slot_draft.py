"""What « Trouver un RDV » takes from a RDV under preparation: no name is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from agents.permissions import Permission
from planning.policies import rdv_drafts_for
from planning.queries.rdv_draft import open_lieux, usable_motifs
from planning.rules.rdv_draft import content_of
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from datetime import date

    from agents.models import Organisation
    from agents.permissions import Actor
    from planning.forms.slot_search import Criteria


@dataclass(frozen=True)
class Draft:
    """`is_over`: the RDV was created. `motif` and `lieu` are uuids, "" when not chosen."""

    uuid: UUID
    usagers: tuple[int, ...]
    is_over: bool
    motif: str
    lieu: str
    day: date | None

    @property
    def persons(self) -> int:
        return len(self.usagers)

    def complete(self, criteria: Criteria) -> Criteria:
        """Return what the RDV already says, where the criteria say nothing."""
        return replace(
            criteria,
            motif=self.motif,
            lieux=criteria.lieux or ((self.lieu,) if self.lieu else ()),
            day=max(criteria.day, self.day or criteria.day),
        )


def draft_of(actor: Actor | None, organisation: Organisation, uuid: str) -> Draft | None:
    """Return the draft of this agent in this organisation, None for any other."""
    try:
        key = UUID(uuid)
    except ValueError:
        return None
    drafts = rdv_drafts_for(actor, Permission.RDV_CREATE).filter(organisation=organisation)
    row = drafts.filter(uuid=key).first()
    if row is None:
        return None
    content = content_of(row.content)
    motif = usable_motifs(actor, organisation).filter(pk=content.motif or 0).first()
    lieu = open_lieux(actor, organisation).filter(pk=content.lieu or 0).first()
    zone = organisation.territoire.zone
    return Draft(
        uuid=key,
        usagers=content.usagers,
        is_over=bool(content.rdv),
        motif=str(motif.uuid) if motif else "",
        lieu=str(lieu.uuid) if lieu else "",
        day=local_day(content.starts_at, zone) if content.starts_at else None,
    )
