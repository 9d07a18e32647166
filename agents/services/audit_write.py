"""Write a change in the audit trail (I03): who, what, when, where. Never the values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agents.models import AuditEntry
from agents.permissions import AgentActor

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from agents.permissions import Actor


def record_change(
    *,
    action: str,
    object_kind: str,
    object_uuid: UUID,
    organisation_id: int | None,
    actor: Actor | None,
    now: datetime,
    territoire_id: int | None = None,
    superadmin_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add one entry, in the transaction of the change. `detail` names columns, not what they hold.

    `territoire_id`: of what belongs to no organisation. `superadmin_id`: the account of a
    super-administrator who did it. Another author who is no agent is written as such by the
    history of what they touch.
    """
    record_changes(
        action=action,
        object_kind=object_kind,
        object_uuids=[object_uuid],
        organisation_id=organisation_id,
        territoire_id=territoire_id,
        actor=actor,
        now=now,
        detail=detail,
        superadmin_id=superadmin_id,
    )


def record_changes(
    *,
    action: str,
    object_kind: str,
    object_uuids: Iterable[UUID],
    organisation_id: int | None,
    actor: Actor | None,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
    territoire_id: int | None = None,
    superadmin_id: int | None = None,
) -> None:
    """Add one entry for each object, in one statement."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=now,
            agent_id=actor.agent_id if isinstance(actor, AgentActor) else None,
            organisation_id=organisation_id,
            territoire_id=territoire_id,
            superadmin_id=superadmin_id,
            action=action,
            object_kind=object_kind,
            object_uuid=object_uuid,
            detail=dict(detail or {}),
        )
        for object_uuid in object_uuids
    )
