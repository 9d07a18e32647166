"""Where an action on many RDVs stands: what its author reads (E10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from planning.models import LineState, RdvBulkLine
from planning.rules import rdv_bulk as rule
from rdv.common.french import day_text

if TYPE_CHECKING:
    from planning.models import RdvBulk


@dataclass(frozen=True)
class ResultLine:
    line: RdvBulkLine
    words: str


@dataclass(frozen=True)
class BulkResult:
    """Lines by state, in order of time."""

    waiting: tuple[ResultLine, ...]
    done: tuple[ResultLine, ...]
    skipped: tuple[ResultLine, ...]
    failed: tuple[ResultLine, ...]

    @property
    def total(self) -> int:
        return len(self.waiting) + self.ended

    @property
    def ended(self) -> int:
        return len(self.done) + len(self.skipped) + len(self.failed)


def result_of(bulk: RdvBulk) -> BulkResult:
    """Return the lines of the action: three statements, whatever their number."""
    rows = (
        RdvBulkLine.objects.filter(bulk=bulk)
        .select_related("rdv__motif", "to_agent__account", "to_lieu")
        .prefetch_related("rdv__participations__usager")
        .order_by("rdv__starts_at", "pk")
    )
    lines = [ResultLine(row, _words(row)) for row in rows]

    def having(state: LineState) -> tuple[ResultLine, ...]:
        return tuple(one for one in lines if one.line.state == state)

    return BulkResult(
        waiting=having(LineState.WAITING),
        done=having(LineState.DONE),
        skipped=having(LineState.SKIPPED),
        failed=having(LineState.FAILED),
    )


def _words(row: RdvBulkLine) -> str:
    if row.act == rule.AGENT and row.to_agent:
        return _("Confier à %(name)s") % {"name": row.to_agent.full_name}
    if row.act == rule.LIEU and row.to_lieu:
        return _("Déplacer à « %(name)s »") % {"name": row.to_lieu.name}
    if row.act == rule.ADDRESS and row.to_lieu:
        return _("Nouvelle adresse annoncée : %(address)s") % {"address": row.to_lieu.address}
    if row.act == rule.DAY and row.to_day:
        return _("Reporter au %(day)s") % {"day": day_text(row.to_day)}
    return _("Annuler")
