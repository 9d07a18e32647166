"""How long an invitation is good for, and what its link proves. Pure."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

VALIDITY = timedelta(days=7)
# Nobody fills a mailbox by clicking.
BETWEEN_MAILS = timedelta(minutes=2)
# « Inactif »: no sign-in for that long (G04).
INACTIVE_AFTER = timedelta(days=30)


class Standing(StrEnum):
    OPEN = "open"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


def digest_of(token: str) -> str:
    """Return what is stored of the secret of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def standing(
    *,
    accepted_at: datetime | None,
    cancelled_at: datetime | None,
    expires_at: datetime,
    now: datetime,
) -> Standing:
    """Return what an invitation is worth; at `expires_at` it is worth nothing any more."""
    if accepted_at is not None:
        return Standing.ACCEPTED
    if cancelled_at is not None:
        return Standing.CANCELLED
    return Standing.EXPIRED if now >= expires_at else Standing.OPEN


def is_inactive(
    *, has_account: bool, is_invited: bool, last_login: datetime | None, now: datetime
) -> bool:
    """Say « Inactif »: who may sign in, and has not for 30 days or never did."""
    if not has_account or is_invited:
        return False
    return last_login is None or last_login <= now - INACTIVE_AFTER
