"""The draft of a RDV that the permission tests knock at."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from planning.models import RdvDraft
from planning.rules.rdv_draft import DraftContent
from tests.factories.planning import NOW

if TYPE_CHECKING:
    from tests.cast import Cast


def owner_draft(cast: Cast) -> list[Any]:
    """A RDV that `owner` is preparing, complete."""
    content = DraftContent(
        motif=cast.motif.pk,
        usagers=(cast.usager.pk,),
        agents=(cast.owner.pk,),
        starts_at=NOW + timedelta(days=1),
        ends_at=NOW + timedelta(days=1, hours=1),
        lieu=cast.lieu.pk,
    )
    draft = RdvDraft.objects.create(
        agent=cast.owner,
        organisation=cast.organisation,
        content=content.to_json(),
        created_at=NOW,
        updated_at=NOW,
    )
    return [cast.organisation.uuid, draft.uuid]
