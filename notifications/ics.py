"""Calendar text of the messages. Pure: no Django, no tables, no clock (decisions 6, 29, 31).

One UID per RDV, SEQUENCE from the row's version, a constant ORGANIZER. The METHOD is that of the
MIME part too: whoever builds the mail passes the same one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vDuration,
    vText,
    vUri,
)
from icalendar.parser import Contentline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
# No RDV is older; the rules of the French zones have been the same since 2007.
RULES_SINCE = 2020
EVENT = "BEGIN:VEVENT\r\n"
END = "END:VCALENDAR\r\n"
LONGEST_LINE = 75
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


@dataclass(frozen=True)
class Series:
    """A plage or an indisponibilité: an `appointment`, the first one, that may repeat.

    `rule` holds the parts of an RRULE. `excluded` are starts that do not happen; `moved` gives, for
    a start, the start and the end that replace it.
    """

    appointment: Appointment
    rule: Mapping[str, object] = field(default_factory=dict)
    excluded: tuple[datetime, ...] = ()
    moved: tuple[tuple[datetime, datetime, datetime], ...] = ()


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
    event = _event(appointment, method, organizer, stamp, attendee)
    return _written([event], [appointment.zone], method)


def appointments_text(
    appointments: Sequence[tuple[Appointment, Method]], *, organizer: Mailbox, stamp: datetime
) -> str:
    """Return one PUBLISH calendar for several RDVs; the method of each gives its STATUS.

    A REQUEST or a CANCEL may hold one UID only (RFC 5546, 3.2.2 and 3.2.5); a PUBLISH any number,
    cancelled ones included (3.2.1).
    """
    zones = sorted({each.zone for each, _method in appointments})
    events = [_event(each, method, organizer, stamp, None) for each, method in appointments]
    return _written(events, zones, "PUBLISH")


def feed_text(
    entries: Sequence[tuple[Appointment, Method, datetime]],
    *,
    name: str,
    organizer: Mailbox,
    refresh: timedelta,
) -> str:
    """Return the calendar that outside software subscribes to, under `name` (D03).

    Each with its method, as above, and when it last changed. Nothing depends on the moment of
    the call: the same entries give the same bytes.
    """
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    # RFC 7986 and Microsoft's own; each client reads one of them, and some read none.
    calendar.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(refresh))
    zones = sorted({each.zone for each, _method, _at in entries})
    parts = [*map(_timezone_text, zones)]
    name_of_owner = organizer.name.replace('"', "'")
    owner = _line(f'ORGANIZER;CN="{name_of_owner}":mailto:{organizer.email}')
    parts += [_feed_event(each, method, owner, at) for each, method, at in entries]
    head: str = calendar.to_ical().decode()
    return head.replace(END, "".join(parts) + END)


def _feed_event(appointment: Appointment, method: Method, owner: str, changed_at: datetime) -> str:
    """Return what `_event` gives, fifty times sooner: a feed may hold thousands of RDVs."""
    is_cancelled = method == "CANCEL"
    zone = ZoneInfo(appointment.zone)
    changed = changed_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VEVENT",
        f"UID:{appointment.uid}",
        f"SEQUENCE:{appointment.sequence}",
        f"DTSTAMP:{changed}",
        f"LAST-MODIFIED:{changed}",
        f"DTSTART;TZID={zone}:{appointment.starts_at.astimezone(zone):%Y%m%dT%H%M%S}",
        f"DTEND;TZID={zone}:{appointment.ends_at.astimezone(zone):%Y%m%dT%H%M%S}",
        f"SUMMARY:{_escaped(appointment.summary)}",
    ]
    if appointment.location:
        lines.append(f"LOCATION:{_escaped(appointment.location)}")
    if appointment.description:
        lines.append(f"DESCRIPTION:{_escaped(appointment.description)}")
    if appointment.url:
        lines.append(f"URL:{appointment.url}")
    lines.append("STATUS:CANCELLED" if is_cancelled else "STATUS:CONFIRMED")
    lines.append("TRANSP:TRANSPARENT" if is_cancelled else "TRANSP:OPAQUE")
    return "".join(map(_line, lines)) + owner + "END:VEVENT\r\n"


def _escaped(text: str) -> str:
    """Return a TEXT value (RFC 5545, 3.3.11)."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\\", "\\\\")
    return plain.replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _line(text: str) -> str:
    """Return a content line: 75 octets at most, else folded between two signs."""
    if len(text.encode()) <= LONGEST_LINE:
        return f"{text}\r\n"
    return f"{Contentline(text).to_ical().decode()}\r\n"


def series_text(
    series: Sequence[Series], *, method: Method, organizer: Mailbox, stamp: datetime
) -> str:
    """Return one calendar for all of them: the days of each RRULE are those of its rule."""
    zones = sorted({each.appointment.zone for each in series})
    events = [e for each in series for e in _series_events(each, method, organizer, stamp)]
    return _written(events, zones, method)


def _written(events: Sequence[Event], zones: Sequence[str], method: Method) -> str:
    calendar = _calendar(method)
    for event in events:
        calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text.replace(EVENT, "".join(map(_timezone_text, zones)) + EVENT, 1)


def _calendar(method: Method) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _series_events(
    series: Series, method: Method, organizer: Mailbox, stamp: datetime
) -> list[Event]:
    """Return the event of the rule, then one for each occurrence that was moved."""
    base, zone = series.appointment, ZoneInfo(series.appointment.zone)
    event = _event(base, method, organizer, stamp, None)
    if method == "CANCEL":
        return [event]
    if series.rule:
        event.add("rrule", dict(series.rule))
    if series.excluded:
        event.add("exdate", [start.astimezone(zone) for start in series.excluded])
    events = [event]
    for planned, start, end in series.moved:
        moved = replace(base, starts_at=start, ends_at=end)
        override = _event(moved, method, organizer, stamp, None)
        override.add("recurrence-id", planned.astimezone(zone))
        events.append(override)
    return events


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
def _timezone_text(name: str) -> str:
    """Return the VTIMEZONE, half of a calendar, written once per process and zone."""
    text: str = _timezone(name).to_ical().decode()
    return text


def _timezone(name: str) -> Timezone:
    """Return the VTIMEZONE, with the yearly rules of today.

    icalendar can write one, with 4 kB of dates, and puts the spring change one hour late.
    """
    zone = ZoneInfo(name)
    component = Timezone()
    component.add("tzid", name)
    changes = [
        day
        for day in (date(RULES_SINCE, 1, 1) + timedelta(days=n) for n in range(366))
        if _offset(day, zone) != _offset(day + timedelta(days=1), zone)
    ]
    if not changes:
        always = datetime.combine(date(RULES_SINCE, 1, 1), time())
        component.add_component(_observance(always, zone, rule=None))
    for day in changes:
        component.add_component(_observance(_onset(day, zone), zone, rule=_yearly(day)))
    return component


def _offset(day: date, zone: ZoneInfo) -> timedelta:
    return datetime.combine(day, time(), zone).utcoffset() or timedelta()


def _onset(day: date, zone: ZoneInfo) -> datetime:
    """Return the local time at which the clocks change on `day`, as they show it before."""
    before = _offset(day, zone)
    instant = datetime.combine(day, time(), zone).astimezone(UTC)
    while instant.astimezone(zone).utcoffset() == before:
        instant += timedelta(minutes=30)
    return (instant + before).replace(tzinfo=None)


def _yearly(day: date) -> dict[str, object]:
    """Return the rule of that day: the last Sunday of March, the second Sunday of March."""
    is_last = (day + timedelta(days=7)).month != day.month
    rank = -1 if is_last else (day.day - 1) // 7 + 1
    weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[day.weekday()]
    return {"FREQ": "YEARLY", "BYMONTH": day.month, "BYDAY": f"{rank}{weekday}"}


def _observance(
    onset: datetime, zone: ZoneInfo, *, rule: dict[str, object] | None
) -> TimezoneStandard | TimezoneDaylight:
    after = (onset + timedelta(days=1)).replace(tzinfo=zone)
    is_summer = bool(after.dst())
    component = TimezoneDaylight() if is_summer else TimezoneStandard()
    component.add("dtstart", onset)
    if rule:
        component.add("rrule", rule)
    component.add("tzname", after.tzname())
    component.add("tzoffsetfrom", _offset(onset.date(), zone))
    component.add("tzoffsetto", after.utcoffset())
    return component
