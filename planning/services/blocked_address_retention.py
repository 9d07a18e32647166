"""Addresses that refuse our messages are forgotten like the messages: after six months (C07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from agents.services.retention_report import in_batches
from notifications.models import BlockedAddress
from notifications.services.message_retention import KEPT
from rdv.accounts.models import Account
from usagers.models import Usager

if TYPE_CHECKING:
    from datetime import datetime


def purge_blocked_addresses(*, now: datetime) -> int:
    """Delete blocks cleared six months ago, and as old ones of an address that nobody bears.

    One in force stays as long as a fiche or an account has the address: what is sent there would
    be refused again. Elsewhere the next refusal blocks it again. Return how many rows.
    """
    limit = now - KEPT
    cleared = BlockedAddress.objects.filter(cleared_at__lt=limit)
    fiches, address = Usager.objects.living(), OuterRef("address")
    # Each on its own: PostgreSQL then reads each table once, not once for each address.
    nobodys = BlockedAddress.objects.active().filter(
        ~Exists(fiches.filter(email=address)),
        ~Exists(fiches.filter(phone_number=address)),
        ~Exists(Account.objects.filter(email=address)),
        at__lt=limit,
    )
    return in_batches(cleared, _delete) + in_batches(nobodys, _delete)


def _delete(keys: list[int]) -> None:
    BlockedAddress.objects.filter(pk__in=keys).delete()
