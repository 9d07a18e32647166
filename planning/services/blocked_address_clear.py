"""An admin says that an usager's address works again (C07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agents.permissions import AgentActor, Permission
from agents.policies import organisations_for
from agents.services.audit_write import record_change
from notifications.blocking import clear
from notifications.models import Failure, OutboxMessage
from planning.services.message_resend import resend_message
from rdv.common.errors import DomainError
from usagers.policies import usagers_for
from usagers.queries.blocked_addresses import blocked_addresses

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from agents.permissions import Actor
    from notifications.models import BlockedAddress
    from usagers.models import Usager

# Why the last message did not go: the address alone.
_FOR_THE_ADDRESS = (Failure.BLOCKED, Failure.INVALID)


class ClearingRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """Not theirs to clear."""


def clear_blocked_address(
    *, organisation_id: int, usager_id: int, block_uuid: UUID, actor: Actor, now: datetime
) -> int:
    """Clear one address of an usager of the organisation; return how many messages leave again.

    Once for each RDV to come whose last message was lost for this address. A new refusal blocks it
    again. Cleared already: nothing happens, 0. Raises ClearingRefused.
    """
    with transaction.atomic():
        usager, block = _theirs(organisation_id, usager_id, block_uuid, actor)
        if block is None or not isinstance(actor, AgentActor):
            return 0
        if clear(block_uuid=block_uuid, agent_id=actor.agent_id, at=now) is None:
            return 0
        record_change(
            action="address_unblocked",
            object_kind="usager",
            object_uuid=usager.uuid,
            organisation_id=organisation_id,
            actor=actor,
            now=now,
            detail={"channel": block.channel, "reason": block.reason},
        )
    return _say_again(block, actor, now)


def _theirs(
    organisation_id: int, usager_id: int, block_uuid: UUID, actor: Actor
) -> tuple[Usager, BlockedAddress | None]:
    """Return the fiche and its block, if the actor is an admin of an organisation that knows it."""
    organisation = organisations_for(actor, Permission.ORGANISATION_EDIT).filter(pk=organisation_id)
    # The responsable of a proche is told for them, known here or not.
    here = Q(organisations=organisation_id) | Q(proches__organisations=organisation_id)
    readable = usagers_for(actor, Permission.USAGER_READ).filter(here, pk=usager_id)
    usager = readable.distinct().first()
    if usager is None or not organisation.exists():
        raise ClearingRefused(
            _("Seul un administrateur de l’organisation peut débloquer cette adresse.")
        )
    lines = blocked_addresses(usager)
    return usager, next((one.block for one in lines if one.block.uuid == block_uuid), None)


def _say_again(block: BlockedAddress, actor: Actor, now: datetime) -> int:
    """Each in a transaction of its own: one that may not be sent again stops no other."""
    alone = Q(failure__in=_FOR_THE_ADDRESS)
    lost = OutboxMessage.objects.filter(
        alone | Q(grouped_in__failure__in=_FOR_THE_ADDRESS),
        channel=block.channel,
        recipient__iexact=block.address,
        rdv__starts_at__gt=now,
        participation__isnull=False,
    )
    last = lost.order_by("rdv_id", "participation_id", "-pk").distinct("rdv_id", "participation_id")
    left = 0
    for message in list(last):
        try:
            resend_message(
                rdv_id=message.rdv_id or 0, message_uuid=message.uuid, actor=actor, now=now
            )
        except DomainError:
            continue
        left += 1
    return left
