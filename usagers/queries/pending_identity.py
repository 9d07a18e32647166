"""The identities that wait, found by those who may: their session, or the secret of the link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from usagers.models import PendingIdentity
from usagers.rules.link_digest import link_digest

if TYPE_CHECKING:
    from datetime import datetime

# Where a session keeps the identity that this browser brought.
SESSION_PENDING = "franceconnect_pending"


def pending_of_session(uuid: str | None) -> PendingIdentity | None:
    """Return the identity that this browser brought from FranceConnect, while it waits."""
    if not uuid:
        return None
    return PendingIdentity.objects.filter(uuid=uuid, link_used_at=None).first()


def pending_of_link(secret: str, *, now: datetime) -> PendingIdentity | None:
    """Return the identity whose link this is, while it may still be used."""
    rows = PendingIdentity.objects.filter(digest=link_digest(secret), link_used_at=None)
    return rows.filter(link_expires_at__gt=now).first()
