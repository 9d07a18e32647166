"""« Boîte d'envoi de démonstration » (issue: messages are read in the browser, in development)."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import OutboxMessageFactory


@pytest.fixture
def demo(settings):
    settings.DEMO_OUTBOX = True


URL = "/boite-d-envoi/"


def test_it_exists_in_development_only(client, db):
    OutboxMessageFactory()
    assert reverse("notifications:message_list") == URL
    assert client.get(URL).status_code == 404


def test_newest_first_with_a_link_for_each(client, db, demo):
    older = OutboxMessageFactory(subject="RDV confirmé : mardi")
    newer = OutboxMessageFactory(sms=True, body="RDV annulé : mercredi")
    page = client.get(URL)
    assertContains(page, "RDV confirmé : mardi")
    text = page.content.decode()
    assert text.index(str(newer.uuid)) < text.index(str(older.uuid))
    assertContains(page, "RDV annulé : mercredi")


def test_an_empty_box_says_what_will_fill_it(client, db, demo):
    assertContains(client.get(URL), "Aucun message pour l’instant")


def test_pages_of_fifty(client, db, demo):
    OutboxMessageFactory.create_batch(51)
    first = client.get(URL)
    assertContains(first, "Messages plus anciens")
    assertNotContains(first, "Messages plus récents")
    second = client.get(f"{URL}?page=2")
    assert second.content.decode().count("/boite-d-envoi/") < 6
    assertContains(client.get(f"{URL}?page=zzz"), "Messages plus anciens")


def test_the_number_of_queries_does_not_grow(client, db, demo, django_assert_num_queries):
    OutboxMessageFactory.create_batch(2)
    with django_assert_num_queries(2):
        client.get(URL)
    OutboxMessageFactory.create_batch(20)
    with django_assert_num_queries(2):
        client.get(URL)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(client, db, demo, method):
    assert getattr(client, method)(URL).status_code == 405
