"""Agendas as events of the calendar component. « Occupé » tells its hours and nothing else."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from motifs.rules.colors import text_on
from planning.queries.agenda_rdv import (
    is_arrived,
    is_taken_online,
    place_sign,
    place_text,
    rdv_title,
    seats_text,
)
from planning.queries.rdv_status import display_of
from planning.queries.schedule_words import replaced_words
from planning.rules.status import UNKNOWN
from planning.slots.types import Interval
from rdv.common.french import instant_text, time_text

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from agents.models import Organisation
    from planning.models import Rdv
    from planning.queries.agenda import AbsenceSpan, Agenda, PlageSpan

Event = dict[str, Any]
NOBODY = UUID(int=0)


def resources_of(agenda: Agenda) -> list[dict[str, str]]:
    """Return the columns of the calendar: one for each agent, in the order of the page."""
    return [{"id": str(agent.uuid), "title": agent.full_name} for agent in agenda.agents]


def events_of(agenda: Agenda, *, organisation: Organisation, now: datetime) -> list[Event]:
    """Return holidays, plages, absences, occupied times and RDVs, times in the agenda's zone.

    `resourceIds` names the columns where an event stands.
    """
    zone = agenda.days.zone
    columns = {agent.pk: str(agent.uuid) for agent in agenda.agents}
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
    spans = [
        *(_plage(n, span, organisation, zone) for n, span in enumerate(agenda.plages)),
        *(_absence(n, span, zone) for n, span in enumerate(agenda.absences)),
        *(
            _timed(f"occupied-{n}", "occupied", _("Occupé"), span.period, zone)
            for n, span in enumerate(agenda.occupied)
        ),
    ]
    whose = [span.agent_id for span in agenda.plages]
    whose += [span.agent_id for span in agenda.absences]
    whose += [span.agent_id for span in agenda.occupied]
    for event, agent_id in zip(spans, whose, strict=True):
        event["resourceIds"] = [columns[agent_id]]
    for rdv in agenda.rdvs:
        event = _rdv(rdv, organisation, zone, now)
        who = agenda.holders[rdv.pk]
        event["resourceIds"] = [uuid for pk, uuid in columns.items() if pk in who]
        spans.append(event)
    return events + spans


def _timed(event_id: str, kind: str, title: str, period: Interval, zone: ZoneInfo) -> Event:
    start, end = period.start.astimezone(zone), period.end.astimezone(zone)
    return {
        "id": event_id,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "title": title,
        "extendedProps": {"kind": kind, **_hours(start, end)},
    }


def _hours(start: datetime, end: datetime) -> dict[str, str]:
    """Return what the block prints and what its tooltip says; a long one prints no hour."""
    if start.date() == end.date():
        return {"time": time_text(start), "hours": f"{time_text(start)} – {time_text(end)}"}
    both = {"start": instant_text(start), "end": instant_text(end)}
    return {"time": "", "hours": _("Du %(start)s au %(end)s") % both}


def _plage(number: int, span: PlageSpan, organisation: Organisation, zone: ZoneInfo) -> Event:
    plage = span.plage
    title = plage.title or _("Plage d’ouverture")
    details = [str(plage.lieu or ""), *(motif.name for motif in plage.motifs.all())]
    details.append(replaced_words(plage))
    if plage.organisation_id != organisation.pk:
        details.append(plage.organisation.name)
    event = _timed(f"plage-{number}", "plage", title, span.period, zone)
    event["display"] = "background"
    event["extendedProps"]["details"] = [detail for detail in details if detail]
    return event


def _absence(number: int, span: AbsenceSpan, zone: ZoneInfo) -> Event:
    title = span.row.title if span.row else _("Indisponible")
    event = _timed(f"absence-{number}", "absence", title, span.period, zone)
    if span.row:
        url = reverse("planning:indisponibilite_edit", args=[span.row.uuid])
        event["extendedProps"]["url"] = url
    return event


def _rdv(rdv: Rdv, organisation: Organisation, zone: ZoneInfo, now: datetime) -> Event:
    """Return the block of a RDV; a mark that it does not bear is left out, for the size."""
    period = Interval(rdv.starts_at, rdv.ends_at)
    event = _timed(f"rdv-{rdv.uuid}", "rdv", rdv_title(rdv), period, zone)
    status = display_of(rdv, now=now)
    color = rdv.motif.color
    details = [rdv.motif.name, place_text(rdv)]
    if rdv.organisation_id != organisation.pk:
        details.append(rdv.organisation.name)
    event |= {"backgroundColor": color, "textColor": text_on(color)}
    event["extendedProps"] |= {
        "url": _url_of("planning:rdv_detail", rdv),
        "panel": _url_of("planning:rdv_summary", rdv),
        "status": status.key,
        "statusLabel": str(status.label),
        "details": details,
    }
    marks = {
        "move": _url_of("planning:rdv_move", rdv) if _may_be_dragged(rdv, zone) else "",
        "sign": status.sign,
        "isStruck": status.is_struck,
        "isPast": rdv.ends_at <= now,
        "isOnline": is_taken_online(rdv),
        "isArrived": is_arrived(rdv),
        "placeSign": place_sign(rdv),
        "seats": seats_text(rdv),
    }
    event["extendedProps"] |= {name: mark for name, mark in marks.items() if mark}
    return event


@cache
def _pattern(name: str) -> str:
    return reverse(name, args=[NOBODY])


def _url_of(name: str, rdv: Rdv) -> str:
    """Return the URL of a page of the RDV: `reverse` once, not three times a block."""
    return _pattern(name).replace(str(NOBODY), str(rdv.uuid))


def _may_be_dragged(rdv: Rdv, zone: ZoneInfo) -> bool:
    """What was filled in stays where it was.

    The calendar speaks the hours of one zone: a RDV of another territoire is moved by its page.
    """
    return rdv.status == UNKNOWN and rdv.organisation.territoire.zone == zone
