"""Before and after of a history line, in French. Never a key of a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from planning.models import Status
from planning.queries.rdv_status import status_display
from rdv.common.french import instant_text

if TYPE_CHECKING:
    from collections.abc import Mapping

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
_SWITCHES: dict[str, str | _StrPromise] = {
    "notifies_changes": gettext_lazy("prévenir des changements"),
    "notifies_reminder": gettext_lazy("envoyer le rappel"),
}
_INSTANTS = ("starts_at", "ends_at", "cancelled_at", "arrived_at")


@dataclass(frozen=True)
class Change:
    label: str | _StrPromise
    before: str
    after: str


def changes_of(event: RdvEvent, people: Mapping[int, str]) -> tuple[Change, ...]:
    """Return the changes that people can read; technical columns are left out.

    `people` maps the participations of the RDV to names. Alone in the RDV, a person's status is
    the RDV's: said once.
    """
    ordered = sorted(event.changes.items(), key=lambda item: _rank(item[0]))
    is_said = "status" in event.changes and len(people) == 1
    changes = (_change(name, pair, people, is_said=is_said) for name, pair in ordered)
    return tuple(change for change in changes if change is not None)


def _rank(name: str) -> int:
    return list(_LABELS).index(name) if name in _LABELS else len(_LABELS)


def _change(
    name: str, pair: list[Any], people: Mapping[int, str], *, is_said: bool
) -> Change | None:
    if name in _LABELS:
        return Change(_LABELS[name], _text(name, pair[0]), _text(name, pair[1]))
    kind, _sep, rest = name.partition(":")
    key, _sep, column = rest.partition(":")
    person = people.get(int(key)) if kind == "participation" and key.isdigit() else None
    if person is None or (is_said and not column):
        return None
    if column in _SWITCHES:
        label = f"{person}, {_SWITCHES[column]}"
        return Change(label, _yes_or_no(pair[0]), _yes_or_no(pair[1]))
    if column == "arrived_at":
        label = _("%(name)s, arrivée") % {"name": person}
        return Change(label, _text(column, pair[0]), _text(column, pair[1]))
    before, after = (_person_status(value) for value in pair)
    return Change(person, before, after)


def _person_status(value: str | None) -> str:
    if value is None:
        return _("pas inscrit")
    return str(status_display(value, is_person=True).label)


def _yes_or_no(value: object) -> str:
    return _("oui") if value else _("non")


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
