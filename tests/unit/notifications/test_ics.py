"""Calendars, read back by two parsers (D01, D02; decisions 6, 29, 31)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from icalendar import Calendar

from notifications.ics import Appointment, Mailbox, calendar_text
from rdv.common.timezones import Zone

ORGANIZER = Mailbox("rdv@exemple.fr", "RDV Service Public")
AGENT = Mailbox("camille.durand@exemple.fr", "Camille DURAND, PMI")
STAMP = datetime(2027, 1, 4, 8, tzinfo=UTC)
ZONES = ["Europe/Paris", "Indian/Reunion", "America/Guadeloupe", "America/Miquelon"]


def appointment(**changes):
    values = {
        "uid": "43f638ea-3905-4a6a-8c87-d9485369944c",
        "sequence": 3,
        "starts_at": datetime(2027, 3, 28, 9, 0, tzinfo=UTC),  # the clocks change that day
        "ends_at": datetime(2027, 3, 28, 9, 30, tzinfo=UTC),
        "zone": "Europe/Paris",
        "summary": "Bilan ; accès aux droits, Arras",
        "location": "Antenne d’Arras, 1 rue de la Paix, 62000 Arras",
        "description": "Voir le RDV : https://rdv.exemple.fr/rdv/1/\nPar téléphone",
        "url": "https://rdv.exemple.fr/rdv/1/",
    }
    return Appointment(**{**values, **changes})


def text(method="REQUEST", attendee=AGENT, **changes):
    return calendar_text(
        appointment(**changes), method=method, organizer=ORGANIZER, stamp=STAMP, attendee=attendee
    )


def by_icalendar(ics):
    calendar = Calendar.from_ical(ics)
    (event,) = calendar.walk("VEVENT")
    return {
        "method": str(calendar["METHOD"]),
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "start": event.decoded("DTSTART"),
        "end": event.decoded("DTEND"),
        "summary": str(event["SUMMARY"]),
        "location": str(event.get("LOCATION", "")),
        "description": str(event["DESCRIPTION"]),
        "status": str(event["STATUS"]),
        "organizer": str(event["ORGANIZER"]),
        "attendee": str(event.get("ATTENDEE", "")),
    }


def by_vobject(ics):
    calendar = vobject.readOne(ics)
    event = calendar.vevent
    return {
        "method": calendar.method.value,
        "uid": event.uid.value,
        "sequence": int(event.sequence.value),
        "start": event.dtstart.value,
        "end": event.dtend.value,
        "summary": event.summary.value,
        "location": (getattr(event, "location", None) and event.location.value) or "",
        "description": event.description.value,
        "status": event.status.value,
        "organizer": event.organizer.value,
        "attendee": event.contents["attendee"][0].value if "attendee" in event.contents else "",
    }


@pytest.mark.parametrize("read", [by_icalendar, by_vobject])
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_D01_read_back_alike(read, zone, method):
    given = appointment(zone=zone)
    found = read(text(method, zone=zone))
    assert found == {
        "method": method,
        "uid": given.uid,
        "sequence": 3,
        "start": given.starts_at,
        "end": given.ends_at,
        "summary": given.summary,
        "location": given.location,
        "description": given.description,
        "status": "CANCELLED" if method == "CANCEL" else "CONFIRMED",
        "organizer": "mailto:rdv@exemple.fr",
        "attendee": "mailto:camille.durand@exemple.fr",
    }


@pytest.mark.parametrize("zone", ZONES)
def test_D01_civil_time_with_its_vtimezone(zone):
    ics = text(zone=zone)
    start = by_icalendar(ics)["start"]
    local = appointment().starts_at.astimezone(ZoneInfo(zone))
    assert f"DTSTART;TZID={zone}:{local:%Y%m%dT%H%M%S}" in ics
    assert start.utcoffset() == local.utcoffset()
    timezones = Calendar.from_ical(ics).walk("VTIMEZONE")
    assert [str(component["TZID"]) for component in timezones] == [zone]


@pytest.mark.parametrize("read", [by_icalendar, by_vobject])
@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Miquelon"])
def test_D01_days_of_clock_change_and_their_neighbours(read, zone):
    """icalendar's own VTIMEZONE is an hour wrong in spring, as vobject reads it."""
    for year, month in ((2027, 3), (2027, 10), (2031, 3), (2031, 11)):
        for day in (1, 7, 9, 13, 15, 27, 29, 30):
            noon = datetime(year, month, day, 12, tzinfo=UTC)
            found = read(text(zone=zone, starts_at=noon, ends_at=noon + timedelta(hours=1)))
            assert (found["start"], found["end"]) == (noon, noon + timedelta(hours=1))


@pytest.mark.parametrize("zone", Zone.values)
def test_D01_every_zone_of_france_has_its_offset(zone):
    for month in (1, 7):
        noon = datetime(2027, month, 15, 12, tzinfo=UTC)
        found = by_vobject(text(zone=zone, starts_at=noon, ends_at=noon + timedelta(hours=1)))
        assert found["start"] == noon


def test_D01_publish_asks_nobody():
    ics = text("PUBLISH", attendee=None)
    assert "ATTENDEE" not in ics
    assert "METHOD:PUBLISH" in ics


def test_D01_no_answer_is_asked():
    """Nothing done in an outside calendar ever changes a RDV (decision 6)."""
    (event,) = Calendar.from_ical(text()).walk("VEVENT")
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"


def test_D01_lines_are_folded_and_end_with_crlf():
    ics = text(summary="é" * 200)
    lines = ics.split("\r\n")
    assert "\n" not in "".join(lines)
    assert max(len(line.encode()) for line in lines) <= 75


def test_D01_same_uid_rising_sequence():
    first, second = text(), text("CANCEL", sequence=4)
    assert by_vobject(first)["uid"] == by_vobject(second)["uid"]
    assert by_vobject(first)["sequence"] < by_vobject(second)["sequence"]


def test_no_place_no_location():
    assert "LOCATION" not in text(location="")


def test_two_zones_do_not_share_a_vtimezone():
    for zone in (*ZONES, *ZONES):
        assert f"TZID:{zone}" in text(zone=zone)


def test_midnight_stays_on_its_day():
    starts_at = datetime(2027, 1, 10, 20, 30, tzinfo=UTC)  # 0:30 the next day in La Réunion
    ics = text(zone="Indian/Reunion", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
    assert "DTSTART;TZID=Indian/Reunion:20270111T003000" in ics
