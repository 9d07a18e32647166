"""Forget the RDVs that nobody finished preparing: they hold personal data."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from planning.models import RdvDraft

if TYPE_CHECKING:
    from datetime import datetime

KEPT = timedelta(hours=24)


def purge_rdv_drafts(*, now: datetime) -> int:
    """Delete the drafts unchanged for 24 h, confirmed ones too; return how many."""
    deleted, _by_model = RdvDraft.objects.filter(updated_at__lt=now - KEPT).delete()
    return deleted
