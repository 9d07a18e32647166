"""Forget what was typed for bookings that nobody finished."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from usagers.models import BookingDraft

if TYPE_CHECKING:
    from datetime import datetime

KEPT = timedelta(hours=48)


def purge_booking_drafts(*, now: datetime) -> int:
    """Delete the drafts begun more than 48 h ago, finished or not; return how many.

    A link is valid for 24 h, counted from its last sending: none is cut short, since the drafts
    whose link still opens are kept.
    """
    old = BookingDraft.objects.filter(created_at__lt=now - KEPT).exclude(link_expires_at__gt=now)
    deleted, _by_model = old.delete()
    return deleted
