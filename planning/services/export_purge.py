"""Forget exports: the file after 24 hours, the row after 14 days (decision 33)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from planning.exports import store
from planning.models import Export, ExportState
from planning.rules import export as rule

if TYPE_CHECKING:
    from datetime import datetime

# A worker may have kept a file and not yet written it down.
ORPHAN_AFTER = timedelta(hours=1)
ENDED = (ExportState.FAILED, ExportState.CANCELLED, ExportState.EXPIRED)


def purge_exports(*, now: datetime) -> None:
    """Delete the files whose time is over, those that no row knows, then the old rows."""
    for export_id in Export.objects.filter(**_over(now)).values_list("pk", flat=True):
        _expire(export_id, now)
    found = store.kept_before(before=now - ORPHAN_AFTER)
    known = set(Export.objects.filter(stored_name__in=found).values_list("stored_name", flat=True))
    for name in found:
        if name not in known:
            store.remove(name)
    Export.objects.filter(created_at__lt=now - rule.ROW_KEPT, state__in=ENDED).delete()


def _over(now: datetime) -> dict[str, object]:
    return {"state": ExportState.DONE, "expires_at__lte": now}


def _expire(export_id: int, now: datetime) -> None:
    """Say that the file is gone, then delete it: killed in between, it is a file without a row."""
    with transaction.atomic():
        rows = Export.objects.select_for_update(of=("self",), skip_locked=True)
        export = rows.filter(pk=export_id, **_over(now)).first()
        if export is None:
            return
        name, export.stored_name, export.state = export.stored_name, "", ExportState.EXPIRED
        export.save(update_fields=["stored_name", "state"])
    store.remove(name)
