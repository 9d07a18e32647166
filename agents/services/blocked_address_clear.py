"""An admin of the territoire says that an agent's address works again (C07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import AgentActor, Permission
from agents.policies import agents_of_territoires_for
from agents.queries.blocked_address import blocked_of_agent
from agents.services.audit_write import record_of_agent
from notifications.blocking import clear
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from agents.permissions import Actor


class ClearingRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """Not theirs to clear."""


@transaction.atomic
def clear_agent_address(
    *, agent_id: int, block_uuid: UUID, actor: Actor | None, now: datetime
) -> None:
    """Let mails go to the agent again; the next refusal blocks the address again.

    Cleared already: nothing happens. Raises ClearingRefused.
    """
    agents = agents_of_territoires_for(actor, Permission.TERRITOIRE_EDIT)
    agent = agents.select_related("account").filter(pk=agent_id).first()
    if agent is None or not isinstance(actor, AgentActor):
        raise ClearingRefused(
            _("Seul un administrateur du territoire peut débloquer cette adresse.")
        )
    block = blocked_of_agent(agent)
    if block is None or block.uuid != block_uuid:
        return
    if clear(block_uuid=block_uuid, agent_id=actor.agent_id, at=now) is not None:
        detail = {"channel": block.channel, "reason": block.reason}
        record_of_agent("address_unblocked", agent, actor=actor, now=now, detail=detail)
