"""Calendar text of the messages. Pure: no Django, no tables, no clock (decisions 6, 29, 31).

One UID per RDV, SEQUENCE from the row's version, a constant ORGANIZER. The METHOD is that of the
MIME part too: whoever builds the mail passes the same one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vText, vUri

if TYPE_CHECKING:
    from datetime import datetime

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
PRODID = "-//RDV Service Public//Rendez-vous//FR"


@dataclass(frozen=True)
class Mailbox:
    email: str
    name: str = ""


@dataclass(frozen=True)
class Appointment:
    """What an outside calendar may know. `zone` names the civil time of the RDV.

    `location` is empty for a phone call. Nothing here ever names an usager (decision 6).
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    summary: str
    location: str = ""
    description: str = ""
    url: str = ""


def calendar_text(
    appointment: Appointment,
    *,
    method: Method,
    organizer: Mailbox,
    stamp: datetime,
    attendee: Mailbox | None = None,
) -> str:
    """Return the iCalendar text, lines ended by CRLF (RFC 5545).

    REQUEST, and CANCEL of what was requested, need the `attendee` whose calendar takes it: only
    that person is named, so that no calendar tells who else is there.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_timezone(appointment.zone))
    calendar.add_component(_event(appointment, method, organizer, stamp, attendee))
    text: str = calendar.to_ical().decode()
    return text


def _event(
    appointment: Appointment,
    method: Method,
    organizer: Mailbox,
    stamp: datetime,
    attendee: Mailbox | None,
) -> Event:
    zone = ZoneInfo(appointment.zone)
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", stamp)
    event.add("dtstart", appointment.starts_at.astimezone(zone))
    event.add("dtend", appointment.ends_at.astimezone(zone))
    event.add("summary", appointment.summary)
    for name in ("location", "description"):
        if value := getattr(appointment, name):
            event.add(name, value)
    if appointment.url:
        event["url"] = vUri(appointment.url)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if method == "CANCEL" else "OPAQUE")
    event["organizer"] = _address(organizer)
    if attendee is not None:
        event.add("attendee", _attendee(attendee))
    return event


def _address(mailbox: Mailbox) -> vCalAddress:
    address = vCalAddress(f"mailto:{mailbox.email}")
    if mailbox.name:
        address.params["CN"] = vText(mailbox.name)
    return address


def _attendee(mailbox: Mailbox) -> vCalAddress:
    """Already accepted, no answer asked: nothing done in an outside calendar changes a RDV."""
    address = _address(mailbox)
    address.params["CUTYPE"] = vText("INDIVIDUAL")
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText("ACCEPTED")
    address.params["RSVP"] = vText("FALSE")
    return address


@lru_cache(maxsize=16)
def _timezone(name: str) -> Timezone:
    """Return the VTIMEZONE, built once per process and zone: it costs 7 ms."""
    return Timezone.from_tzid(name, first_date=date(2020, 1, 1), last_date=date(2050, 1, 1))
