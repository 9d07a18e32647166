"""Addresses that nothing more is sent to (C07)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from notifications.models import BlockedAddress, Channel

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from notifications.models import BlockReason

logger = logging.getLogger(__name__)
DETAIL_LENGTH = 300


def canonical(channel: str, address: str) -> str:
    """Return the one spelling of an address: e-mails in lower case, numbers as they are."""
    text = address.strip()
    return text.lower() if channel == Channel.EMAIL else text


def block(
    *, channel: str, address: str, reason: BlockReason, detail: str, at: datetime
) -> BlockedAddress | None:
    """Remember that `address` refuses messages; None when it was known already."""
    text = canonical(channel, address)
    if not text:
        return None
    row = BlockedAddress(
        channel=channel, address=text, reason=reason, detail=detail[:DETAIL_LENGTH], at=at
    )
    if is_blocked(channel, text):
        return None
    BlockedAddress.objects.bulk_create([row], ignore_conflicts=True)
    logger.warning("an address is blocked: %s, %s", channel, reason)
    return row


def is_blocked(channel: str, address: str) -> bool:
    rows = BlockedAddress.objects.active()
    return rows.filter(channel=channel, address=canonical(channel, address)).exists()


def clear(*, block_uuid: UUID, agent_id: int, at: datetime) -> BlockedAddress | None:
    """Let messages go to the address again; None when it was cleared already.

    The next refusal blocks it again at once. In a transaction.
    """
    rows = BlockedAddress.objects.active().select_for_update(of=("self",))
    row = rows.filter(uuid=block_uuid).first()
    if row is not None:
        row.cleared_at, row.cleared_by_id = at, agent_id
        row.save(update_fields=["cleared_at", "cleared_by"])
    return row


def blocked_among(addresses: Iterable[tuple[str, str]]) -> list[BlockedAddress]:
    """Return the blocks in force among (channel, address) pairs; one statement, latest first."""
    wanted = {(channel, canonical(channel, address)) for channel, address in addresses if address}
    rows = BlockedAddress.objects.active().filter(address__in={address for _, address in wanted})
    return [row for row in rows if (row.channel, row.address) in wanted]
