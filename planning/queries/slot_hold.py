"""Until when a visitor's créneau is kept for them (decision 19)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning.models import SlotHold
from planning.rules.holder import holder_digest

if TYPE_CHECKING:
    from datetime import datetime


def held_until(visitor: str, starts_at: datetime, *, now: datetime) -> datetime | None:
    """Return when the hold of `visitor` (their raw key) on that start ends, or None."""
    hold = live_hold(visitor, starts_at, now=now)
    return hold.expires_at if hold else None


def live_hold(visitor: str, starts_at: datetime, *, now: datetime) -> SlotHold | None:
    """Return the hold of `visitor` (their raw key) on that start, or None when it is over."""
    holds = SlotHold.objects.alive(now).filter(holder=holder_digest(visitor), starts_at=starts_at)
    return holds.first()
