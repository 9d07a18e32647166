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


@pytest.mark.django_db
def test_I02_french_spaces_in_the_mail_alone():
    """Subject, text and HTML; neither in the row nor in the calendar, copied letter for letter."""
    message, mime = sent(
        subject="RDV confirmé : mardi 24 novembre 2026 à 10 h 30",
        body="Bonjour Léa !\n\nPour l’annuler :\nhttps://rdv.fr/r/1?a=b\n",
        html='<p>Un doute ? <a href="https://rdv.fr/r/1?a=b">Voir</a></p>',
        ics=ICS.replace("X-A:é", "X-A:à 10 h 30 ?"),
        ics_method="REQUEST",
    )
    assert mail.outbox[-1].subject == "RDV confirmé~: mardi 24 novembre 2026 à 10~h~30".replace(
        "~", "\u00a0"
    )
    parts = {part.get_content_type(): part.get_payload(decode=True) for part in mime.walk()}
    text, html = (parts[f"text/{kind}"].decode() for kind in ("plain", "html"))
    assert text.startswith("Bonjour Léa\u00a0!\n\nPour l’annuler\u00a0:\nhttps://rdv.fr/r/1?a=b\n")
    assert html == '<p>Un doute\u00a0? <a href="https://rdv.fr/r/1?a=b">Voir</a></p>'
    for kind in ("text/calendar", "application/ics"):
        assert b"X-A:\xc3\xa0 10 h 30 ?" in parts[kind]
    message.refresh_from_db()
    assert "\u00a0" not in message.subject + message.body + message.html


def test_C01_text_twin_alone(db):
    _, mime = sent(body="Bonjour")
    assert mime.get_content_type() == "text/plain"
    assert mime["Reply-To"] is None
    assert mime.get_payload(decode=True).decode().strip() == "Bonjour"
