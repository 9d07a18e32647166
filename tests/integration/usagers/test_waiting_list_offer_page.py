"""Decision 28: the link of an offer, and the switch of a RDV that is far away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from notifications.models import OutboxMessage
from planning.models import Rdv, SlotHold, WaitingListEntry
from planning.services.booking_confirm import confirm_draft
from planning.services.waiting_list_offer import offer_waiting_list
from tests.integration.planning.waiting_world import NOW, WaitingWorld, link, offers, pending
from tests.integration.usagers.journey import IDENTITY
from usagers.models import BookingDraft
from usagers.services.access_token_issue import issue_access_token

pytestmark = pytest.mark.django_db

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
FAR = datetime(2027, 4, 6, 7, 0, tzinfo=UTC)
ANA = "ana@exemple.fr"


@pytest.fixture(autouse=True)
def march(clock):
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def waiting():
    return WaitingWorld(name="Premier accueil", restriction="Habitants seulement.")


def offered(world, *, email=ANA):
    world.wait(email)
    world.free(0)
    assert offer_waiting_list(now=NOW) == 1
    return link()


def test_decision_28_accepting_leads_to_the_journey_with_the_creneau_held(client, waiting):
    path = offered(waiting)
    page = client.get(path)
    assert page.status_code == 200
    assert "Mercredi 24 mars 2027 à 9 h" in page.text
    assert waiting.lieu.name in page.text
    assert "Gardé pour vous jusqu’à 11 h" in page.text
    assert "Habitants seulement." in page.text
    assert pending().answered_at is None  # a GET changes nothing
    page = client.post(path, {"answer": "yes"})
    assert page.status_code == 302
    # A second tab of the same person goes on with the same créneau.
    assert client.post(path, {"answer": "yes"}).url == page.url
    identity = client.get(page.url)
    assert identity.status_code == 200
    assert "Premier accueil" in identity.text
    assert f'value="{ANA}"' in identity.text  # written once
    sent = client.post(page.url, {**IDENTITY, "email": ANA})
    assert sent.url == reverse("usagers:booking_verify")
    hold = SlotHold.objects.get()
    assert hold.starts_at == waiting.starts[0]
    assert "Vous avez accepté" in client.get(path).text
    confirm_draft(draft_id=BookingDraft.objects.get().pk, now=NOW)
    assert Rdv.objects.filter(starts_at=waiting.starts[0], status="unknown").count() == 1
    offer_waiting_list(now=NOW + MINUTE)
    assert WaitingListEntry.objects.get().end == "served"
    assert not SlotHold.objects.exists()
    assert "n’est plus valable" in client.get(path).text


def test_decision_28_declining_leaving_expiring_and_unknown_links(client, waiting, march):
    path = offered(waiting)
    for name in ("usagers:waiting_list_offer", "usagers:waiting_list_remove"):
        assert client.get(reverse(name, args=["unknown"])).status_code == 404
    page = client.post(path, {"answer": "no"})
    assert "Vous avez refusé cette date" in page.text
    assert "Vous gardez votre place" in page.text
    for answer in ("yes", "no"):
        page = client.post(path, {"answer": answer})
    assert "n’est plus valable" in client.post(path, {"answer": "yes"}).text
    waiting.free(1)
    march.move_to(NOW + DAY)
    offer_waiting_list(now=NOW + DAY)
    second = link()
    assert second != path
    march.move_to(NOW + DAY + timedelta(hours=2))
    assert "n’est plus valable" in client.get(second).text
    page = client.post(second, {"answer": "yes"})
    assert page.status_code == 409
    assert "Vous gardez votre place" in page.text
    assert [row.outcome for row in offers()] == ["declined", "expired"]
    page = client.post(second, {"answer": "leave"})
    assert "Vous n’êtes plus sur la liste" in page.text
    assert WaitingListEntry.objects.get().end == "removed"


def test_decision_28_an_agent_was_faster_a_clear_page(client, waiting):
    path = offered(waiting)
    waiting.rdv(waiting.starts[0])
    page = client.post(path, {"answer": "yes"})
    assert page.status_code == 409
    assert "vient d’être pris" in page.text
    assert "Vous gardez votre place" in page.text


def far_rdv(world, **person):
    entry = world.wait_with_rdv(FAR, email=ANA, last_name="Petit", **person)
    world.free(0)
    assert offer_waiting_list(now=NOW) == 1
    return entry.participation.rdv, link()


def test_decision_28_moving_asks_the_letters_and_shows_nothing_of_the_rdv(client, waiting):
    rdv, path = far_rdv(waiting)
    page = client.get(path)
    assert "Une date plus proche se libère" in page.text
    for hidden in ("Petit", "PETIT", "6 avril", waiting.motif.name):
        assert hidden not in page.text
    assert client.post(path, {"answer": "yes"}).status_code == 422
    page = client.post(path, {"answer": "yes", "letters": "ABC"})
    assert (page.status_code, "pas les lettres" in page.text) == (422, True)
    page = client.post(path, {"answer": "yes", "letters": "pet"})
    assert page.status_code == 200
    assert "Votre rendez-vous a une nouvelle date" in page.text
    rdv.refresh_from_db()
    assert rdv.starts_at == waiting.starts[0]
    assert WaitingListEntry.objects.get().end == "served"


def test_decision_11_five_wrong_letters_lock_the_link(client, waiting):
    rdv, path = far_rdv(waiting)
    for _try in range(5):
        client.post(path, {"answer": "yes", "letters": "ABC"})
    page = client.post(path, {"answer": "yes", "letters": "pet"})
    assert page.status_code == 429
    rdv.refresh_from_db()
    assert rdv.starts_at == FAR


def test_decision_28_the_switch_behind_the_link_of_a_message(waiting):
    waiting.wait_with_rdv(FAR, email=ANA, last_name="Petit")
    entry = WaitingListEntry.objects.get()
    participation = entry.participation
    secret = issue_access_token(
        participation=participation, recipient=participation.usager, now=NOW
    )
    switch, recap = reverse("usagers:token_waiting_list"), reverse("usagers:token_rdv")
    visitor = Client()
    visitor.get(f"/r/{secret}/")
    assert visitor.post(switch, {"waiting": "off"}).url == reverse("usagers:token_letters")
    page = visitor.post(reverse("usagers:token_letters"), {"letters": "pet"}, follow=True)
    assert "Vous êtes sur la liste d’attente" in page.text
    page = visitor.post(switch, {"waiting": "off"}, follow=True)
    assert "Vous n’êtes plus sur la liste d’attente." in page.text
    assert "Me prévenir si une date plus proche se libère" in page.text
    page = visitor.post(switch, {"waiting": "on"}, follow=True)
    assert page.redirect_chain[-1][0] == recap
    assert WaitingListEntry.objects.filter(ended_at=None).count() == 1
    # A RDV of this week has no switch, and a forged demand is refused in words.
    Rdv.objects.filter(pk=participation.rdv_id).update(
        starts_at=NOW + 6 * DAY, ends_at=NOW + 6 * DAY + timedelta(minutes=30)
    )
    visitor.post(switch, {"waiting": "off"})
    page = visitor.post(switch, {"waiting": "on"}, follow=True)
    assert "moins de sept jours" in page.text
    assert "Une date plus proche" not in page.text


def test_decision_28_the_switch_of_one_s_own_rdv(client, cast, march):
    rdv = cast.rdv
    rdv.motif.booking_level = "usagers"
    rdv.motif.save()
    now = rdv.starts_at - 8 * DAY
    march.move_to(now)
    cast.sign_in(client, "usager")
    page = client.get(reverse("usagers:rdv_detail", args=[rdv.uuid]))
    assert "Me prévenir si une date plus proche se libère" in page.text
    url = reverse("usagers:rdv_waiting_list", args=[rdv.uuid])
    page = client.post(url, {"waiting": "on"}, follow=True)
    assert "C’est noté" in page.text
    entry = WaitingListEntry.objects.get()
    assert (entry.participation.rdv, entry.created_at) == (rdv, now)
    client.post(url, {"waiting": "off"})
    entry.refresh_from_db()
    assert entry.end == "removed"
    cast.sign_in(client, "other_usager")
    assert client.post(url, {"waiting": "on"}).status_code == 404
    assert not OutboxMessage.objects.filter(kind="waiting_list_offer").exists()
