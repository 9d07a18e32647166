"""Write a change in the audit trail (I03): who, what, when, where. Never the values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from agents.models import AuditEntry, Territoire
from agents.permissions import AgentActor, UsagerActor

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from agents.models import Agent
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
    super-administrator who did it, when no actor tells. An usager is told by `detail["author"]`.
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


def record_of_agent(
    action: str,
    agent: Agent,
    *,
    actor: Actor | None,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add one entry in each territoire where `agent` works; one at least."""
    works = Q(organisations__roles__agent=agent) | Q(droits__agent=agent)
    found = Territoire.objects.filter(works).distinct().order_by("pk")
    places: list[int | None] = [*found.values_list("pk", flat=True)]
    for territoire_id in places or [None]:
        record_change(
            action=action,
            object_kind="agent",
            object_uuid=agent.uuid,
            organisation_id=None,
            territoire_id=territoire_id,
            actor=actor,
            now=now,
            detail=detail,
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
    agent = actor if isinstance(actor, AgentActor) else None
    told = {"author": "usager"} if isinstance(actor, UsagerActor) else {}
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=now,
            agent_id=agent.agent_id if agent else None,
            organisation_id=organisation_id,
            territoire_id=territoire_id,
            superadmin_id=superadmin_id or (agent.superadmin_id if agent else None),
            action=action,
            object_kind=object_kind,
            object_uuid=object_uuid,
            detail={**told, **(detail or {})},
        )
        for object_uuid in object_uuids
    )
