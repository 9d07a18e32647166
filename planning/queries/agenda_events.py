"""Agendas as events of the calendar component. « Occupé » tells its hours and nothing else."""

from __future__ import annotations

from datetime import timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from motifs.rules.colors import text_on
from planning.queries.rdv_status import display_in
from rdv.common.french import instant_text, time_text

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from agents.models import Organisation
    from planning.queries.agenda import AbsenceSpan, Agenda, PlageSpan
    from planning.queries.agenda_rows import AgendaRdv

Event = dict[str, Any]
NOBODY = UUID(int=0)


def resources_of(agenda: Agenda) -> list[dict[str, str]]:
    """Return the columns of the calendar: one for each agent, in the order of the page."""
    return [{"id": str(agent.uuid), "title": agent.full_name} for agent in agenda.agents]


def events_of(agenda: Agenda, *, organisation: Organisation, now: datetime) -> list[Event]:
    """Return holidays, plages, absences, occupied times and RDVs, times in the agenda's zone.

    `resourceIds` names the columns where an event stands.
    """
    columns = {agent.pk: str(agent.uuid) for agent in agenda.agents}
    clock = _Clock(agenda.days.zone)
    occupied = _("Occupé")
    events: list[Event] = [
        {
            "id": f"holiday-{day}",
            "allDay": True,
            "start": day.isoformat(),
            "end": (day + timedelta(days=1)).isoformat(),
            "title": _("Jour férié : %(name)s") % {"name": name},
            "resourceIds": list(columns.values()),
            "extendedProps": {"kind": "holiday"},
        }
        for day, name in agenda.holidays.items()
    ]
    for n, plage in enumerate(agenda.plages):
        event = _plage(f"plage-{n}", plage, organisation, clock)
        events.append(event | {"resourceIds": [columns[plage.agent_id]]})
    for n, absence in enumerate(agenda.absences):
        event = _absence(f"absence-{n}", absence, clock)
        events.append(event | {"resourceIds": [columns[absence.agent_id]]})
    for n, span in enumerate(agenda.occupied):
        event = clock.event(
            f"occupied-{n}", "occupied", occupied, span.period.start, span.period.end
        )
        events.append(event | {"resourceIds": [columns[span.agent_id]]})
    for rdv in agenda.rdvs:
        who = agenda.holders[rdv.pk]
        event = _rdv(rdv, organisation, clock, now)
        events.append(event | {"resourceIds": [uuid for pk, uuid in columns.items() if pk in who]})
    return events


class _Clock:
    """Instants as the calendar and people read them, once for all that stands at the same time."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._known: dict[tuple[float, float], tuple[dict[str, str], dict[str, str]]] = {}

    def event(self, event_id: str, kind: str, title: str, start: datetime, end: datetime) -> Event:
        # Timestamps: two hours that a clock change repeats are equal as datetimes of one zone.
        key = (start.timestamp(), end.timestamp())
        if key not in self._known:
            self._known[key] = self._read(start.astimezone(self.zone), end.astimezone(self.zone))
        bounds, hours = self._known[key]
        return {"id": event_id, **bounds, "title": title, "extendedProps": {"kind": kind, **hours}}

    @staticmethod
    def _read(start: datetime, end: datetime) -> tuple[dict[str, str], dict[str, str]]:
        """Return the bounds, then what the block prints and what its tooltip says."""
        bounds = {"start": start.isoformat(), "end": end.isoformat()}
        if start.date() == end.date():
            time = time_text(start)
            return bounds, {"time": time, "hours": f"{time} – {time_text(end)}"}
        both = {"start": instant_text(start), "end": instant_text(end)}
        # A long one prints no hour.
        return bounds, {"time": "", "hours": _("Du %(start)s au %(end)s") % both}


def _plage(event_id: str, span: PlageSpan, organisation: Organisation, clock: _Clock) -> Event:
    plage, period = span.plage, span.period
    details = [plage.lieu_name, *plage.motif_names, plage.replaces]
    if plage.organisation_id != organisation.pk:
        details.append(plage.organisation_name)
    title = plage.title or _("Plage d’ouverture")
    event = clock.event(event_id, "plage", title, period.start, period.end)
    event["display"] = "background"
    event["extendedProps"]["details"] = [detail for detail in details if detail]
    return event


def _absence(event_id: str, span: AbsenceSpan, clock: _Clock) -> Event:
    title = span.row.title if span.row else _("Indisponible")
    event = clock.event(event_id, "absence", title, span.period.start, span.period.end)
    if span.row:
        url = _url_of("planning:indisponibilite_edit", str(span.row.uuid))
        event["extendedProps"]["url"] = url
    return event


def _rdv(rdv: AgendaRdv, organisation: Organisation, clock: _Clock, now: datetime) -> Event:
    """Return the block of a RDV; a mark that it does not bear is left out, for the size."""
    uuid = str(rdv.uuid)
    event = clock.event(f"rdv-{uuid}", "rdv", rdv.title, rdv.starts_at, rdv.ends_at)
    status = display_in(rdv.zone, rdv.status, rdv.starts_at, now=now)
    details = [rdv.motif_name, rdv.place]
    if rdv.organisation_id != organisation.pk:
        details.append(rdv.organisation_name)
    event |= {"backgroundColor": rdv.color, "textColor": _text_on(rdv.color)}
    event["extendedProps"] |= {
        "url": _url_of("planning:rdv_detail", uuid),
        "panel": _url_of("planning:rdv_summary", uuid),
        "status": status.key,
        "statusLabel": str(status.label),
        "details": details,
    }
    marks = {
        "move": _url_of("planning:rdv_move", uuid) if rdv.may_be_dragged(clock.zone) else "",
        "sign": status.sign,
        "isStruck": status.is_struck,
        "isPast": rdv.ends_at <= now,
        "isOnline": rdv.is_taken_online,
        "isArrived": rdv.is_arrived,
        "placeSign": rdv.place_sign,
        "seats": rdv.seats,
    }
    event["extendedProps"] |= {name: mark for name, mark in marks.items() if mark}
    return event


_text_on = lru_cache(maxsize=256)(text_on)


@cache
def _pattern(name: str) -> tuple[str, str]:
    before, after = reverse(name, args=[NOBODY]).split(str(NOBODY))
    return before, after


def _url_of(name: str, uuid: str) -> str:
    """Return the URL of a page of one row: `reverse` once, not three times a block."""
    before, after = _pattern(name)
    return f"{before}{uuid}{after}"
