"""Forget old actions on many RDVs: their message may hold personal data."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from planning.models import RdvBulk

if TYPE_CHECKING:
    from datetime import datetime

KEPT = timedelta(days=30)


def purge_rdv_bulks(*, now: datetime) -> int:
    """Delete the actions of more than 30 days; return how many. The history of the RDVs stays."""
    old = RdvBulk.objects.filter(created_at__lt=now - KEPT)
    _deleted, by_model = old.delete()
    return by_model.get("planning.RdvBulk", 0)
