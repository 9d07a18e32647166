"""Looking somebody up leaves a trace (I03, decisions 12 and 13), wherever it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.services.audit_look import record_looks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from agents.models import Organisation
    from agents.permissions import Actor
    from usagers.queries.usager_search import FoundUsager


def record_search(
    found: Iterable[FoundUsager], *, organisation: Organisation, actor: Actor | None, now: datetime
) -> None:
    """Write what was shown, once an hour: masked people always, others where one has no role."""
    masked = {person.is_masked for person in found}
    for is_masked, action in ((True, "usagers_searched_masked"), (False, "usagers_searched")):
        if is_masked in masked:
            record_looks(
                action=action,
                object_kind="organisation",
                object_uuid=organisation.uuid,
                organisation_ids=[organisation.pk],
                actor=actor,
                now=now,
                with_own=is_masked,
            )
