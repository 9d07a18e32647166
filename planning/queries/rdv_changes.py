"""Before and after of a history line, in French."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.models import Status
from rdv.common.french import instant_text

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from planning.models import RdvEvent

_LABELS: dict[str, str | _StrPromise] = {
    "status": gettext_lazy("Statut"),
    "starts_at": gettext_lazy("Début"),
    "ends_at": gettext_lazy("Fin"),
    "lieu": gettext_lazy("Lieu"),
    "agents": gettext_lazy("Agents"),
    "usagers": gettext_lazy("Usagers"),
    "participants": gettext_lazy("Usagers"),
    "context": gettext_lazy("Contexte"),
    "title": gettext_lazy("Intitulé"),
    "seats_total": gettext_lazy("Nombre de places"),
}
_INSTANTS = ("starts_at", "ends_at", "cancelled_at", "arrived_at")


@dataclass(frozen=True)
class Change:
    label: str | _StrPromise
    before: str
    after: str


def changes_of(event: RdvEvent) -> tuple[Change, ...]:
    """Return the changes that people can read; technical columns are left out."""
    return tuple(
        Change(_LABELS[name], _text(name, pair[0]), _text(name, pair[1]))
        for name, pair in event.changes.items()
        if name in _LABELS
    )


def _text(name: str, value: Any) -> str:
    if value is None or value in ("", []):
        return _("rien")
    if name == "status" and value in Status.values:
        return str(Status(value).label)
    if name in _INSTANTS:
        return instant_text(timezone.localtime(datetime.fromisoformat(value)))
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)
