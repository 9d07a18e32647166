"""The mail as its reader gets it: parts, headers, one attachment (C01, D01)."""

from email.utils import parseaddr

import pytest
from django.core import mail
from icalendar import Calendar

from notifications.delivery import deliver
from tests.factories import OutboxMessageFactory
from tests.factories.planning import NOW

ICS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nX-A:é\r\nEND:VCALENDAR\r\n"


def sent(**columns):
    message = OutboxMessageFactory(**columns)
    deliver(message_id=message.pk, now=NOW)
    return message, mail.outbox[-1].message()


@pytest.fixture
def full(db):
    return sent(
        subject="RDV confirmé : mardi 24 novembre 2026 à 10 h 30",
        body="Bonjour Léa,\n\nà bientôt",
        html="<p>Bonjour Léa</p>",
        ics=ICS,
        ics_method="REQUEST",
        reply_to="contact@exemple.fr",
    )


def test_D01_parts_in_order_and_one_attachment(full):
    _, mime = full
    types = [part.get_content_type() for part in mime.walk()]
    assert types == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    attached = [part for part in mime.walk() if part.get_content_disposition() == "attachment"]
    assert [part.get_filename() for part in attached] == ["rdv.ics"]


def test_D01_method_of_the_part_is_that_of_the_calendar(full):
    _, mime = full
    part = next(part for part in mime.walk() if part.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    assert part.get_content_charset() == "utf-8"
    assert str(Calendar.from_ical(part.get_payload(decode=True))["METHOD"]) == "REQUEST"


def test_D01_calendar_bytes_are_untouched(full):
    """Lines end with CRLF in the part and in the attachment, and travel in base64."""
    _, mime = full
    parts = [part for part in mime.walk() if part.get_content_type().endswith(("calendar", "ics"))]
    assert [part.get_payload(decode=True).decode() for part in parts] == [ICS, ICS]
    assert {
        part["Content-Transfer-Encoding"] for part in mime.walk() if not part.is_multipart()
    } == {"base64"}


def test_C01_headers(full, settings):
    message, mime = full
    assert mime["Message-ID"] == f"<{message.uuid}@testserver>"
    assert mime["Reply-To"] == "contact@exemple.fr"
    assert mime["Auto-Submitted"] == "auto-generated"
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    assert parseaddr(mime["From"]) == (settings.SITE_NAME, address)
    assert mail.outbox[0].subject == message.subject


def test_C01_text_twin_alone(db):
    _, mime = sent(body="Bonjour")
    assert mime.get_content_type() == "text/plain"
    assert mime["Reply-To"] is None
    assert mime.get_payload(decode=True).decode().strip() == "Bonjour"
