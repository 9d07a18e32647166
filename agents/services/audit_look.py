"""A look at what one's role does not show is written down (decision 12)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from agents.models import AuditEntry
from agents.permissions import AgentActor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from agents.permissions import Actor

# The calendar reads its feed every minute: that is one look, not sixty.
ONE_LOOK = timedelta(hours=1)


def record_looks(
    *,
    action: str,
    object_kind: str,
    object_uuid: UUID,
    organisation_ids: Iterable[int],
    actor: Actor | None,
    now: datetime,
) -> None:
    """Write one entry for each organisation where `actor` holds no role, once an hour at most."""
    if not isinstance(actor, AgentActor):
        return
    foreign = set(organisation_ids) - set(actor.roles)
    if not foreign:
        return
    look = {
        "agent_id": actor.agent_id,
        "action": action,
        "object_kind": object_kind,
        "object_uuid": object_uuid,
    }
    recent = AuditEntry.objects.filter(**look, organisation__in=foreign, at__gt=now - ONE_LOOK)
    missing = foreign - set(recent.values_list("organisation_id", flat=True))
    AuditEntry.objects.bulk_create(
        AuditEntry(**look, organisation_id=pk, at=now) for pk in sorted(missing)
    )
