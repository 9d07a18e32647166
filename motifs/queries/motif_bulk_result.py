"""What an edit of several motifs did, as its author reads it again (G07)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from motifs.models import MotifCategory
from motifs.queries.motif_bulk import LABELS, Change, words_of
from motifs.rules.bulk_edit import UNDO_WITHIN

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from motifs.models import Motif, MotifBulkEdit


@dataclass(frozen=True)
class ResultLine:
    motif: Motif
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class BulkResult:
    """`organisation`: the only one whose motifs changed, or None. `until`: when undoing ends."""

    lines: tuple[ResultLine, ...]
    organisation: Organisation | None
    until: datetime
    may_undo: bool


def result_of(bulk: MotifBulkEdit, *, now: datetime) -> BulkResult:
    """Two statements, whatever the number of motifs."""
    rows = list(
        bulk.lines.select_related("motif__organisation__territoire", "motif__service").order_by(
            "motif__organisation__name", "motif__service__name", "motif__name", "pk"
        )
    )
    keys = {side.get("category_id") for row in rows for side in (row.before, row.after)}
    categories = MotifCategory.objects.in_bulk(key for key in keys if key)
    organisations = {row.motif.organisation_id: row.motif.organisation for row in rows}
    until = bulk.created_at + UNDO_WITHIN
    return BulkResult(
        lines=tuple(
            ResultLine(
                row.motif,
                tuple(
                    Change(
                        column,
                        str(label),
                        words_of(column, row.before[column], categories),
                        words_of(column, row.after[column], categories),
                    )
                    for column, label in LABELS.items()
                    if column in row.after
                ),
            )
            for row in rows
        ),
        organisation=next(iter(organisations.values())) if len(organisations) == 1 else None,
        until=until,
        may_undo=bulk.undone_at is None and now <= until,
    )
