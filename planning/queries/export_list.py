"""« Vos exports »: what one asked for in the last 14 days, and where each stands (H01, G09)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from agents.permissions import Permission
from planning.models import ExportState
from planning.policies import exports_for, own_exports
from planning.rules import export as rule
from rdv.common.french import day_text, instant_text, period_text

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor
    from planning.models import Export

MOST = 100
_BADGES = {
    ExportState.PENDING: "",
    ExportState.RUNNING: "fr-badge--info",
    ExportState.DONE: "fr-badge--success",
    ExportState.FAILED: "fr-badge--error",
    ExportState.CANCELLED: "",
    ExportState.EXPIRED: "",
}


@dataclass(frozen=True)
class ExportLine:
    """`state`: DONE is EXPIRED from its hour on, before the file is deleted. Texts are French.

    `may_open`: the file is there, and its author still holds the right.
    """

    export: Export
    state: str
    label: str
    badge: str
    asked: str
    until: str
    words: str
    may_open: bool
    may_retry: bool


@dataclass(frozen=True)
class ExportList:
    lines: tuple[ExportLine, ...]

    @property
    def unfinished(self) -> int:
        return sum(line.export.is_unfinished for line in self.lines)

    @property
    def ready(self) -> int:
        return sum(line.state == ExportState.DONE for line in self.lines)


def export_lines(actor: Actor | None, *, now: datetime) -> ExportList:
    """Return one's exports, the newest first: two statements."""
    rows = own_exports(actor).filter(created_at__gt=now - rule.ROW_KEPT)
    exports = list(rows.select_related("organisation__territoire").order_by("-created_at")[:MOST])
    allowed = set(exports_for(actor, Permission.EXPORT_CREATE).values_list("pk", flat=True))
    return ExportList(tuple(_line(row, row.pk in allowed, now) for row in exports))


def is_downloadable(export: Export, *, now: datetime) -> bool:
    """Tell whether the file may still be read: 24 hours after it was ready, not a second more."""
    return (
        export.state == ExportState.DONE
        and export.expires_at is not None
        and now < export.expires_at
    )


def _line(export: Export, is_allowed: bool, now: datetime) -> ExportLine:  # noqa: FBT001
    zone = export.organisation.territoire.zone
    may_read = is_downloadable(export, now=now)
    is_over = export.state == ExportState.DONE and not may_read
    state = ExportState.EXPIRED if is_over else ExportState(export.state)
    until = export.expires_at
    return ExportLine(
        export=export,
        state=state.value,
        label=str(state.label),
        badge=_BADGES[state],
        asked=instant_text(export.created_at.astimezone(zone)),
        until=instant_text(until.astimezone(zone)) if until else "",
        words=_words(export.filters),
        may_open=may_read and is_allowed,
        may_retry=is_allowed and state in {ExportState.FAILED, ExportState.CANCELLED},
    )


def _words(filters: dict[str, Any]) -> str:
    """Return the period, then what else was chosen, without any name."""
    days = [date.fromisoformat(filters[key]) for key in ("first_day", "last_day") if key in filters]
    if len(days) > 1:
        words = [period_text(*days)]
    elif days:
        since = _("à partir du %(day)s") if "first_day" in filters else _("jusqu’au %(day)s")
        words = [since % {"day": day_text(days[0])}]
    else:
        words = [_("toutes les dates")]
    others = {
        "agent_ids": _("agents choisis"),
        "motif_ids": _("motifs choisis"),
        "lieu_ids": _("lieux choisis"),
        "states": _("statuts choisis"),
        "usager_id": _("un usager"),
    }
    return ", ".join([*words, *(text for key, text in others.items() if key in filters)])
