"""One message, as its reader gets it: text with links that work."""

import uuid

import pytest
from pytest_django.asserts import assertContains

from notifications.delivery import deliver
from tests.factories import OutboxMessageFactory
from tests.factories.planning import NOW

LINK = "http://testserver/r/Abc123Def456/"


def url(message):
    return f"/boite-d-envoi/{message.uuid}/"


@pytest.fixture
def demo(settings):
    settings.DEMO_OUTBOX = True


def test_it_exists_in_development_only(client, db):
    assert client.get(url(OutboxMessageFactory())).status_code == 404


def test_unknown_message(client, db, demo):
    assert client.get(f"/boite-d-envoi/{uuid.uuid4()}/").status_code == 404


def test_links_can_be_followed_even_once_sent(client, db, demo):
    message = OutboxMessageFactory(body=f"Voir :\n{LINK}", secret_link=LINK)
    deliver(message_id=message.pk, now=NOW)
    page = client.get(url(message))
    assertContains(page, f'href="{LINK}"')
    assertContains(page, "accepté")
    assertContains(page, "envoyé")


def test_C02_an_sms_says_its_segments(client, db, demo):
    page = client.get(url(OutboxMessageFactory(sms=True, sms_segments=2)))
    assertContains(page, "SMS, 2 segments")
    assertContains(page, "RDV mardi 24/11 à 10h30")


def test_parts_are_offered_when_there_are_some(client, db, demo):
    bare = client.get(url(OutboxMessageFactory())).content.decode()
    assert "rdv.ics" not in bare
    assert "/page" not in bare
    full = OutboxMessageFactory(html="<p>Bonjour</p>", ics="BEGIN", ics_method="PUBLISH")
    page = client.get(url(full))
    assertContains(page, f"{url(full)}page")
    assertContains(page, f"{url(full)}rdv.ics")


def test_what_was_typed_is_escaped(client, db, demo):
    message = OutboxMessageFactory(body="<script>alert(1)</script>", subject="<b>x</b>")
    page = client.get(url(message)).content.decode()
    assert "<script>alert(1)" not in page
    assert "<b>x</b>" not in page
