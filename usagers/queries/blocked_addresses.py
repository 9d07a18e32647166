"""Addresses of usagers that refuse our messages (C07); shown by notifications/_blocked.html."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.permissions import Permission
from agents.policies import organisations_for
from notifications.blocking import blocked_among
from notifications.models import Channel

if TYPE_CHECKING:
    from agents.models import Organisation
    from agents.permissions import Actor
    from notifications.models import BlockedAddress
    from usagers.models import Usager


@dataclass(frozen=True)
class BlockedLine:
    """An address of `usager` that nothing more is sent to."""

    block: BlockedAddress
    usager: Usager


def blocked_addresses(*usagers: Usager) -> list[BlockedLine]:
    """Return what is blocked of those who are told for `usagers`, once each; one statement.

    The responsable of a proche must be there already.
    """
    told = {usager.to_notify.pk: usager.to_notify for usager in usagers}.values()
    addresses = {usager.pk: _addresses(usager) for usager in told}
    found = blocked_among(pair for pairs in addresses.values() for pair in pairs)
    by_address = {(block.channel, block.address): block for block in found}
    return [
        BlockedLine(by_address[pair], usager)
        for usager in told
        for pair in addresses[usager.pk]
        if pair in by_address
    ]


def may_clear_in(actor: Actor | None, organisation: Organisation) -> bool:
    """Tell whether `actor` is an admin of the organisation: they clear its people's addresses."""
    rows = organisations_for(actor, Permission.ORGANISATION_EDIT)
    return rows.filter(pk=organisation.pk).exists()


def _addresses(usager: Usager) -> list[tuple[str, str]]:
    return [
        (Channel.EMAIL, (usager.email or "").lower()),
        (Channel.SMS, str(usager.phone_number.as_e164) if usager.phone_number else ""),
    ]
