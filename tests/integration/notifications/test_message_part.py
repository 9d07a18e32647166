"""The page and the calendar of a message, from a browser."""

import pytest

from tests.factories import OutboxMessageFactory

ICS = "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def message(db):
    return OutboxMessageFactory(html="<h1>Bonjour</h1>", ics=ICS, ics_method="CANCEL")


@pytest.fixture
def demo(settings):
    settings.DEMO_OUTBOX = True


def url(message, part):
    return f"/boite-d-envoi/{message.uuid}/{part}"


@pytest.mark.parametrize("part", ["page", "rdv.ics"])
def test_they_exist_in_development_only(client, message, part):
    assert client.get(url(message, part)).status_code == 404


def test_the_page_runs_nothing_and_has_no_origin(client, message, demo):
    answer = client.get(url(message, "page"))
    assert answer.content == b"<h1>Bonjour</h1>"
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
    assert answer["X-Frame-Options"] == "DENY"


def test_the_calendar_is_downloaded(client, message, demo):
    answer = client.get(url(message, "rdv.ics"))
    assert answer.content.decode() == ICS
    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=CANCEL"
    assert answer["Content-Disposition"] == 'attachment; filename="rdv.ics"'


@pytest.mark.parametrize("part", ["page", "rdv.ics", "body", "recipient"])
def test_a_part_that_is_not_there(client, db, demo, part):
    assert client.get(url(OutboxMessageFactory(), part)).status_code == 404
