"""The audit trail is deleted after three years (decision 5)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from agents.models import AuditEntry
from agents.services.retention_report import in_batches

if TYPE_CHECKING:
    from datetime import datetime

KEPT = timedelta(days=1097)


def purge_audit(*, now: datetime) -> int:
    """Return how many entries went. The trigger of the table refuses any that is younger."""
    old = AuditEntry.objects.filter(at__lt=now - KEPT)
    return in_batches(old, _delete, erases=True)


def _delete(keys: list[int]) -> None:
    AuditEntry.objects.filter(pk__in=keys).delete()
