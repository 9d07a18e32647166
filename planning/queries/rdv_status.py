"""Words, colour and sign of each status (planning §15): colour never speaks alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from planning.rules import rdv_label, status
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from django.utils.functional import _StrPromise

    from planning.models import Rdv


@dataclass(frozen=True)
class StatusDisplay:
    """`badge` is a DSFR class, `sign` one character for the calendar."""

    key: str
    label: str | _StrPromise
    badge: str
    sign: str = ""
    is_struck: bool = False


_DISPLAYS = {
    display.key: display
    for display in (
        StatusDisplay(rdv_label.UPCOMING, _("À venir"), ""),
        StatusDisplay(rdv_label.TODAY, _("Aujourd’hui"), "fr-badge--yellow-tournesol"),
        StatusDisplay(rdv_label.TO_FILL_IN, _("À renseigner"), "fr-badge--new", "?"),
        StatusDisplay(status.SEEN, _("Honoré"), "fr-badge--success", "✓"),
        StatusDisplay(
            status.NOSHOW, _("Absence non excusée"), "fr-badge--error", "✗", is_struck=True
        ),
        StatusDisplay(
            status.EXCUSED,
            _("Annulé à l’initiative de l’usager"),
            "fr-badge--info",
            "⊘",
            is_struck=True,
        ),
        StatusDisplay(
            status.REVOKED,
            _("Annulé par le service"),
            "fr-badge--green-archipel",
            "⊘",
            is_struck=True,
        ),
    )
}


def display_of(rdv: Rdv, *, now: datetime) -> StatusDisplay:
    """Return how the status reads today; `rdv.organisation.territoire` gives the zone."""
    return display_in(rdv.organisation.territoire.zone, rdv.status, rdv.starts_at, now=now)


def display_in(zone: ZoneInfo, value: str, starts_at: datetime, *, now: datetime) -> StatusDisplay:
    """The same, of a stored status `value`."""
    day, today = local_day(starts_at, zone), local_day(now, zone)
    return _DISPLAYS[rdv_label.label_of(value, day=day, today=today)]


def display_of_person(rdv: Rdv, stored: str, *, now: datetime) -> StatusDisplay:
    """Return how the status of one participation reads today, in the words of a RDV."""
    zone = rdv.organisation.territoire.zone
    day, today = local_day(rdv.starts_at, zone), local_day(now, zone)
    return display_of_key(rdv_label.label_of(stored, day=day, today=today))


def display_of_key(key: str) -> StatusDisplay:
    return _DISPLAYS[key]


def status_choices() -> list[tuple[str, str | _StrPromise]]:
    """Return each key and its words, for a filter."""
    return [(display.key, display.label) for display in _DISPLAYS.values()]


# What one person's participation reads (planning §15).
_PERSON_LABELS = {
    status.UNKNOWN: _("Inscrit"),
    status.SEEN: _("Présent"),
    status.NOSHOW: _("Absent"),
    status.EXCUSED: _("A annulé"),
    status.REVOKED: _("Retiré par le service"),
}


def status_display(value: str, *, is_person: bool = False) -> StatusDisplay:
    """Return how a stored status reads, whatever the day; of one person when `is_person`."""
    display = _DISPLAYS[rdv_label.UPCOMING if value == status.UNKNOWN else value]
    return replace(display, label=_PERSON_LABELS[value]) if is_person else display
