"""A look at what one's role does not show is written down (decision 12)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from agents.models import AuditEntry
from agents.permissions import AgentActor

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
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
    with_own: bool = False,
) -> None:
    """Write one entry for each organisation where `actor` holds no role, once an hour at most.

    `with_own`: where they hold one too, for what every look must leave a trace of (I03: fiches).
    """
    record_looks_at(
        {object_uuid: set(organisation_ids)},
        action=action,
        object_kind=object_kind,
        actor=actor,
        now=now,
        with_own=with_own,
    )


def record_looks_at(
    objects: Mapping[UUID, set[int]],
    *,
    action: str,
    object_kind: str,
    actor: Actor | None,
    now: datetime,
    with_own: bool = False,
) -> None:
    """The same for several objects at once, each with its organisations: two statements at most."""
    if not isinstance(actor, AgentActor):
        return
    own = set() if with_own else set(actor.roles)
    seen = {(uuid, pk) for uuid, organisations in objects.items() for pk in organisations - own}
    if not seen:
        return
    # The look of a super-administrator is another one than that of the agent, an hour ago.
    look: dict[str, Any] = {
        "agent_id": actor.agent_id,
        "superadmin_id": actor.superadmin_id,
        "action": action,
        "object_kind": object_kind,
    }
    recent = AuditEntry.objects.filter(
        **look,
        object_uuid__in={uuid for uuid, _ in seen},
        organisation__in={pk for _, pk in seen},
        at__gt=now - ONE_LOOK,
    )
    missing = seen - set(recent.values_list("object_uuid", "organisation_id"))
    AuditEntry.objects.bulk_create(
        AuditEntry(**look, object_uuid=uuid, organisation_id=pk, at=now)
        for uuid, pk in sorted(missing)
    )
