"""A08, C03: the pages that move a RDV, signed in and behind the link of a message."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from planning.models import SlotHold
from planning.services.rdv_book import book_rdv
from tests.factories import LieuFactory, PlageOuvertureFactory, RdvFactory, UsagerFactory
from tests.integration.usagers.journey import HALF_PAST_NINE, NINE, NOW
from usagers.queries.actor import load_usager_actor
from usagers.services.access_token_issue import issue_access_token

pytestmark = pytest.mark.django_db
LETTERS = reverse("usagers:token_letters")
TEN = NINE + timedelta(hours=1)


@pytest.fixture
def scene(world):
    """Léa has the RDV of 9:00 in the only agenda that is open that day, 9:00 to 12:00."""
    lea = UsagerFactory(
        territoire=world.organisation.territoire,
        with_account=True,
        first_name="Léa",
        last_name="Martin",
    )
    rdv = book_rdv(
        motif_id=world.motif.pk,
        lieu_id=world.lieu.pk,
        starts_at=NINE,
        usager_ids=[lea.pk],
        actor=load_usager_actor(account_id=lea.account.pk),
        now=NOW,
    )
    return world, lea, rdv


def by_link(rdv, lea):
    secret = issue_access_token(participation=rdv.participations.get(), recipient=lea, now=NOW)
    visitor = Client()
    visitor.get(f"/r/{secret}/")
    visitor.post(LETTERS, {"letters": "mar"})
    return visitor


def pages(kind, rdv):
    if kind == "token":
        return [reverse("usagers:token_move"), reverse("usagers:token_move_confirm")]
    names = ("usagers:rdv_move", "usagers:rdv_move_confirm")
    return [reverse(name, args=[rdv.uuid]) for name in names]


def choice_of(page):
    return page.context["choice"]


@pytest.mark.parametrize("kind", ["signed in", "token"])
def test_47_from_the_page_to_the_moved_rdv(client, scene, kind):
    world, lea, rdv = scene
    client.force_login(lea.account)
    visitor = client if kind == "signed in" else by_link(rdv, lea)
    slots, confirm = pages(kind, rdv)
    detail = reverse("usagers:token_rdv") if kind == "token" else None
    detail = detail or reverse("usagers:rdv_detail", args=[rdv.uuid])
    assert slots in visitor.get(detail).text
    page = visitor.get(slots)
    assert "Lundi 11 janvier 2027" in page.text
    assert f"{confirm}?creneau=2027-01-11T08:30Z" in page.text.replace("%3A", ":")
    assert "creneau=2027-01-11T08%3A00Z" not in page.text  # where it is already
    page = visitor.get(f"{confirm}?creneau=2027-01-11T08:30Z")
    assert "Déplacer au lundi 11 janvier 2027 à 9 h 30" in page.text
    assert (world.motif.name in page.text) is False
    rdv.refresh_from_db()
    assert rdv.starts_at == NINE  # a GET changes nothing
    data = {"choice": choice_of(page)}
    for _ in range(2):  # twice: the second click finds it done
        assert visitor.post(confirm, data).url == detail
    rdv.refresh_from_db()
    assert (rdv.starts_at, rdv.version) == (HALF_PAST_NINE, 1)
    page = visitor.get(detail)
    assert "Votre rendez-vous est déplacé." in page.text
    assert "9 h 30" in page.text


def test_A08_a_creneau_taken_meanwhile_changes_nothing_and_offers_others(client, scene):
    world, lea, rdv = scene
    client.force_login(lea.account)
    slots, confirm = pages("", rdv)
    data = {"choice": choice_of(client.get(f"{confirm}?creneau=2027-01-11T09:00Z"))}
    RdvFactory(agents=[world.plage.agent], starts_at=TEN)
    page = client.post(confirm, data)
    assert page.status_code == 409
    assert "Votre rendez-vous n’a pas changé" in page.text
    nearest = page.text.split("Au plus près de cette heure")[1].split("</ul>")[0]
    assert nearest.count("Choisir le lundi 11 janvier 2027") == 3
    assert f"{confirm}?creneau=2027-01-11T09%3A30Z" in nearest  # 10 h 30, one click away
    assert "Choisir le lundi 11 janvier 2027 à 9 h<" not in page.text  # where it is already
    assert client.get(f"{confirm}?creneau=2027-01-11T09:00Z").status_code == 409
    assert client.get(f"{confirm}?creneau=demain").url.startswith(slots)
    assert client.post(confirm, {"choice": "forged"}).url == slots
    rdv.refresh_from_db()
    assert rdv.starts_at == NINE


@pytest.mark.parametrize("kind", ["signed in", "token"])
def test_decision_19_the_page_that_compares_holds_the_creneau(client, scene, kind):
    """Another visitor is told that it is taken, until the answer: kept as it is, or moved."""
    world, lea, rdv = scene
    client.force_login(lea.account)
    visitor = client if kind == "signed in" else by_link(rdv, lea)
    _slots, confirm = pages(kind, rdv)
    address = f"{confirm}?creneau=2027-01-11T08:30Z"
    page = visitor.get(address)
    assert "Créneau gardé pour vous jusqu’à 9 h 10." in page.text.replace("\xa0", " ")
    hold = SlotHold.objects.get()
    # Half past nine is free for the RDV itself, and its former half-hour is not held.
    assert (hold.starts_at, hold.ends_at, hold.agent) == (HALF_PAST_NINE, TEN, world.plage.agent)
    other = Client().get(world.identity_url("2027-01-11T08:30Z"))
    assert other.status_code == 409
    visitor.post(confirm, {"keep": "1", "choice": choice_of(page)})
    assert not SlotHold.objects.exists()
    assert Client().get(world.identity_url("2027-01-11T08:30Z")).status_code == 200
    visitor.post(confirm, {"choice": choice_of(visitor.get(address))})
    rdv.refresh_from_db()
    assert (rdv.starts_at, SlotHold.objects.count()) == (HALF_PAST_NINE, 0)


def test_A08_another_lieu_is_one_click_away(client, scene):
    world, lea, rdv = scene
    client.force_login(lea.account)
    lieu = LieuFactory(organisation=world.organisation, name="Antenne Ouest")
    PlageOuvertureFactory(lieu=lieu, motifs=[world.motif])
    slots, confirm = pages("", rdv)
    assert f"{slots}?lieu={lieu.uuid}" in client.get(slots).text
    page = client.get(f"{confirm}?lieu={lieu.uuid}&creneau=2027-01-11T08:00Z")
    assert "Nouveau lieu" in page.text
    client.post(confirm, {"choice": choice_of(page)})
    rdv.refresh_from_db()
    assert (rdv.lieu, rdv.starts_at) == (lieu, NINE)


@pytest.mark.parametrize("kind", ["signed in", "token"])
def test_44_too_late_is_said_with_whom_to_call(client, scene, clock, kind):
    world, lea, rdv = scene
    clock.move_to(NINE - timedelta(hours=4) + timedelta(minutes=1))
    client.force_login(lea.account)
    visitor = client if kind == "signed in" else by_link(rdv, lea)
    slots, confirm = pages(kind, rdv)
    for page in (visitor.get(slots), visitor.get(f"{confirm}?creneau=2027-01-11T09:00Z")):
        assert "trop tard" in page.text
        assert "03 21 00 00 00" in page.text
        assert "fr-btn--secondary" not in page.text.split("<main")[1].split("<footer")[0]
    assert world.motif.is_movable_by_usager


def test_A08_nothing_else_free_says_so(client, scene):
    world, lea, rdv = scene
    client.force_login(lea.account)
    world.plage.delete()
    page = client.get(pages("", rdv)[0])
    assert "Il n’y a pas d’autre créneau pour le moment" in page.text


@pytest.mark.parametrize("number", [0, 1])
def test_C03_every_end_point_behind_the_link_asks_for_the_letters(scene, number):
    _world, lea, rdv = scene
    secret = issue_access_token(participation=rdv.participations.get(), recipient=lea, now=NOW)
    visitor = Client()
    visitor.get(f"/r/{secret}/")
    path = pages("token", rdv)[number]
    assert visitor.get(path).url == LETTERS
    assert "janvier" not in visitor.post(path, {"choice": "x"}).text
    assert Client().get(path).status_code == 404


def test_C03_works_after_a_forward_opened_by_two_people(scene):
    """Two phones open the same link: one moves, the other cancels afterwards."""
    _world, lea, rdv = scene
    secret = issue_access_token(participation=rdv.participations.get(), recipient=lea, now=NOW)
    phones = [Client(), Client()]
    for phone in phones:
        phone.get(f"/r/{secret}/")
        phone.post(LETTERS, {"letters": "mar"})
    _slots, confirm = pages("token", rdv)
    page = phones[0].get(f"{confirm}?creneau=2027-01-11T08:30Z")
    phones[0].post(confirm, {"choice": choice_of(page)})
    assert "9 h 30" in phones[1].get(reverse("usagers:token_rdv")).text
    phones[1].post(reverse("usagers:token_cancel"))
    rdv.refresh_from_db()
    assert (rdv.starts_at, rdv.is_cancelled) == (HALF_PAST_NINE, True)
    page = phones[0].get(_slots)
    assert "Ce rendez-vous est annulé." in page.text
