"""A07, A12, A13, decision 24: for whom, how many, and what helps them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from notifications.models import OutboxMessage
from planning.models import Participation, Rdv, SlotHold
from rdv.common.rate_limits import Limit
from tests.factories import MotifFactory, PlageOuvertureFactory, UsagerFactory
from tests.factories.planning import NOW
from tests.integration.usagers.journey import (
    HALF_PAST_NINE,
    IDENTITY,
    NINE,
    build_world,
    link_of,
    type_identity,
)
from usagers.models import Usager
from usagers.queries.actor import load_usager_actor
from usagers.services.proche_edit import ProcheFields, save_proche
from usagers.views.booking import visitor

pytestmark = pytest.mark.django_db


def signed_in(client, world, *proches, **fields):
    """Sign somebody of the territoire in; `proches` are first names."""
    usager = UsagerFactory(
        territoire=world.organisation.territoire, with_account=True, last_name="Petit", **fields
    )
    client.force_login(usager.account)
    actor = load_usager_actor(account_id=usager.account_id)
    rows = [
        save_proche(responsable=usager, fields=ProcheFields(name, "Petit"), actor=actor, now=NOW)
        for name in proches
    ]
    return (usager, *rows)


def names(rdv=None):
    rows = Participation.objects.filter(rdv=rdv) if rdv else Participation.objects.all()
    return sorted(row.usager.full_name for row in rows)


def test_A07_signed_in_somebody_books_for_a_relative_and_corrects_their_name(client, world):
    usager, zoe = signed_in(client, world, "Zoé")
    page = client.get(world.identity_url())
    assert "Créneau gardé pour vous jusqu’à 9\xa0h\xa010." in page.text
    assert "Zoé PETIT" in page.text
    form = {
        f"{zoe.uuid}-first_name": "Zoée",
        f"{zoe.uuid}-last_name": "Petit",
        f"{zoe.uuid}-birth_date": "2019-05-02",
        "edit": str(zoe.uuid),
    }
    page = client.post(world.identity_url(), {**form, f"{zoe.uuid}-first_name": ""})
    assert page.status_code == 422
    assert "Écrivez le prénom de la personne." in page.text
    page = client.post(world.identity_url(), form, follow=True)
    assert "Zoée PETIT" in page.text
    zoe.refresh_from_db()
    assert zoe.birth_date == date(2019, 5, 2)
    page = client.post(world.identity_url(), {"who": str(zoe.uuid)}, follow=True)
    assert "Votre rendez-vous est confirmé" in page.text
    assert names() == ["Zoée PETIT"]
    told = OutboxMessage.objects.filter(kind="rdv_created", channel="email")
    assert usager.email in {message.recipient for message in told}
    assert not SlotHold.objects.exists()


def test_A07_a_relative_is_added_on_the_spot_and_strangers_are_not_ours(client, world):
    (usager,) = signed_in(client, world)
    foreign = UsagerFactory(responsable=UsagerFactory())
    page = client.post(world.identity_url(), {"who": str(foreign.uuid)})
    assert page.status_code == 422
    page = client.post(world.identity_url(), {"who": "other", "other_0_last_name": "Petit"})
    assert page.status_code == 422
    assert "Écrivez le prénom de la personne." in page.text
    client.post(
        world.identity_url(),
        {"who": "other", "other_0_last_name": "Petit", "other_0_first_name": "Tom"},
    )
    tom = Participation.objects.get().usager
    assert (tom.full_name, tom.responsable, tom.origin) == ("Tom PETIT", usager, "proche")


def test_A07_a_first_booking_for_somebody_else_survives_the_mail(client, world):
    other = {
        "who": "other",
        "other_0_last_name": "Martin",
        "other_0_first_name": "Zoé",
        "other_0_birth_date": "2019-05-02",
    }
    assert type_identity(client, world, **other).status_code == 302
    page = client.get(world.identity_url())
    assert 'value="Zoé"' in page.text  # back in the form, the choice is kept
    reader = Client()
    page = reader.post(link_of(), follow=True)
    assert "Votre rendez-vous est confirmé" in page.text
    zoe = Participation.objects.get().usager
    assert (zoe.full_name, zoe.birth_date) == ("Zoé MARTIN", date(2019, 5, 2))
    assert zoe.responsable.full_name == "Léa MARTIN"


def test_A12_one_rdv_for_a_person_or_for_a_household(client, world):
    _usager, zoe = signed_in(client, world, "Zoé")
    later = world.identity_url("2027-01-11T09:00Z")
    client.post(world.identity_url(), {"who": "self"})
    client.get(later)
    page = client.post(later, {"who": "self"}, follow=True)
    assert "Vous avez déjà ce rendez-vous" in page.text
    assert not SlotHold.objects.exists()
    client.post(later, {"who": str(zoe.uuid)})
    assert Rdv.objects.count() == 2  # one for each person
    type(world.motif).objects.update(limits_household=True)
    page = client.post(
        world.identity_url("2027-01-11T10:00Z"),
        {"who": "other", "other_0_last_name": "Petit", "other_0_first_name": "Tom"},
        follow=True,
    )
    assert "Vous avez déjà ce rendez-vous" in page.text
    assert Rdv.objects.count() == 2


def test_decision_24_several_persons_come_for_a_longer_time(client):
    world = build_world(max_persons=3)
    page = client.get(world.url("slot"))
    assert page.status_code == 302
    assert page.url.startswith(reverse("usagers:booking_persons", args=[world.organisation.slug]))
    page = client.get(page.url)
    assert "3 personnes" in page.text
    assert "1 h 30" in page.text
    assert "personnes=3" in page.text
    for wrong in ("0", "4", "²", "beaucoup"):
        assert "/personnes/" in client.get(world.url("slot", personnes=wrong)).url
    page = client.get(world.url("slot", personnes="3"))
    assert "2027-01-11T08%3A00Z" in page.text
    assert "2027-01-11T09%3A30Z" in page.text
    assert "2027-01-11T10%3A00Z" not in page.text
    address = world.identity_url(personnes="3")
    page = client.post(address, {**IDENTITY, "who": ["self"], "other_0_last_name": "Martin"})
    assert page.status_code == 422
    assert "Écrivez le prénom de la personne." in page.text
    two = {"other_0_last_name": "Martin", "other_0_first_name": "Zoé"}
    page = client.post(address, {**IDENTITY, "who": ["self"], **two})
    assert "il y en a 2 pour le moment" in page.text
    three = {**two, "other_1_last_name": "Noël", "other_1_first_name": "Ali"}
    assert client.post(address, {**IDENTITY, "who": ["self"], **three}).status_code == 302
    assert SlotHold.objects.get().ends_at == NINE + timedelta(minutes=90)
    Client().post(link_of())
    rdv = Rdv.objects.get()
    assert rdv.ends_at == NINE + timedelta(minutes=90)
    assert names(rdv) == ["Ali NOËL", "Léa MARTIN", "Zoé MARTIN"]


def test_A13_needs_are_kept_for_agents_and_told_to_nobody(client):
    world = build_world(asks_needs=True)
    page = client.get(world.identity_url())
    assert "De quoi avez-vous besoin" in page.text
    needs = {"needs": ["interpreter", "reduced_mobility"], "needs_details": "langue pachto"}
    type_identity(client, world, **needs)
    Client().post(link_of())
    row = Participation.objects.get()
    assert set(row.needs) == {"interpreter", "reduced_mobility"}
    for message in OutboxMessage.objects.all():
        assert "pachto" not in message.subject + message.body
        assert "interprète" not in message.subject + message.body
    desk = Client()
    desk.force_login(world.plage.agent.account)
    for name in ("planning:rdv_detail", "planning:rdv_summary"):
        page = desk.get(reverse(name, args=[row.rdv.uuid]))
        assert "langue pachto" in page.text
    assert "langue pachto" not in client.get("/mes-rdv/").text


def test_A13_a_motif_that_does_not_ask_keeps_nothing(client, world):
    assert "De quoi avez-vous besoin" not in client.get(world.identity_url()).text
    type_identity(client, world, needs=["interpreter"])
    Client().post(link_of())
    assert Participation.objects.get().needs == []


def test_A05_a_home_visit_needs_an_address_kept_on_the_fiche(client):
    world = build_world(name="Visite", location_type="domicile")
    address = world.identity_url(motif="visite-domicile", lieu="")
    page = client.post(address, IDENTITY)
    assert page.status_code == 422
    assert "Écrivez l’adresse où le service doit venir." in page.text
    client.post(address, {**IDENTITY, "address": "3 rue Haute, 62000 Arras"})
    Client().post(link_of())
    assert Usager.objects.get(email="lea@exemple.fr").address == "3 rue Haute, 62000 Arras"
    signed_in(client, world, address="Ancienne adresse")
    page = client.get(world.identity_url("2027-01-11T09:00Z", motif="visite-domicile", lieu=""))
    assert 'value="Ancienne adresse"' in page.text


def test_A05_signed_in_a_phone_rdv_asks_for_the_missing_number(client):
    world = build_world(name="Appel", location_type="telephone")
    (usager,) = signed_in(client, world, phone_number="")
    address = world.identity_url(motif="appel-telephone", lieu="")
    assert client.post(address, {"who": "self"}).status_code == 422
    client.post(address, {"who": "self", "phone_number": "06 39 98 00 01"})
    usager.refresh_from_db()
    assert str(usager.phone_number) == "+33639980001"
    assert (
        "Le service vous appellera au 06 39 98 00 01"
        in client.get(
            world.identity_url("2027-01-11T09:00Z", motif="appel-telephone", lieu="")
        ).text
    )


def test_A02_a_video_rdv_says_how(client):
    world = build_world(name="Vidéo", location_type="visio")
    page = client.get(world.identity_url(motif="video-visio", lieu=""))
    assert "Ce rendez-vous se passe en vidéo" in page.text


def test_decision_19_two_visitors_on_the_last_creneau(client, world):
    """The first who gives their name has it ten minutes; the other is told at once."""
    other = Client()
    assert client.get(world.identity_url()).status_code == 200
    assert type_identity(other, world).status_code == 302
    assert (
        "gardé pour vous jusqu’à <strong>9\xa0h\xa010</strong>"
        in other.get("/rendez-vous/verification/").text
    )
    page = client.get(world.identity_url())
    assert page.status_code == 409
    assert "2027-01-11T08%3A00Z" not in client.get(world.url("slot")).text
    assert "2027-01-11T08%3A00Z" in other.get(world.url("slot")).text
    page = type_identity(client, world, email="ana@exemple.fr")
    assert page.status_code == 409
    assert "Ce que vous avez écrit est conservé." in page.text
    choice = BeautifulSoup(page.text, "html.parser").select_one(".rdv-others form")
    assert client.post(choice["action"], {"keep": "1"}).status_code == 302
    starts = sorted(SlotHold.objects.values_list("starts_at", flat=True))
    assert starts == [NINE, HALF_PAST_NINE]
    assert type_identity(other, world).status_code == 302  # typing again renews one's own
    assert SlotHold.objects.count() == 2


def test_A07_signed_in_a_lost_creneau_keeps_for_whom_it_was(client, world):
    _usager, zoe = signed_in(client, world, "Zoé")
    client.get(world.identity_url())
    SlotHold.objects.all().delete()
    type_identity(Client(), world)
    page = client.post(world.identity_url(), {"who": str(zoe.uuid)})
    assert page.status_code == 409
    form = BeautifulSoup(page.text, "html.parser").select_one(".rdv-others form")
    sent = {field["name"]: field["value"] for field in form.find_all("input")}
    client.post(form["action"], {**sent, "book": "1"})
    assert names() == ["Zoé PETIT"]


def test_A01_a_link_to_a_lieu_keeps_to_it(client, world):
    elsewhere = PlageOuvertureFactory(motifs=[], lieu__organisation=world.organisation)
    other = MotifFactory(organisation=world.organisation, name="Ailleurs seulement")
    elsewhere.plage_motifs.create(motif=other)
    elsewhere.plage_motifs.create(motif=world.motif)
    root = reverse("usagers:booking_organisation", args=[world.organisation.slug])
    page = client.get(f"{root}?site={world.lieu.uuid}", follow=True)
    assert "Premier accueil" in page.text
    assert "Ailleurs seulement" not in page.text
    link = BeautifulSoup(page.text, "html.parser").select_one(".rdv-choice")["href"]
    page = client.get(link, follow=True)
    assert "Choix du créneau" in page.text  # one lieu is not a question
    assert world.lieu.name in page.text
    page = client.get(f"{root}lieu/?motif=premier-accueil-sur_place")  # nor is its only service
    assert page.status_code == 200
    assert elsewhere.lieu.name in page.text


def test_A11_the_language_is_chosen_by_post_for_the_public_only(client, world):
    (usager,) = signed_in(client, world)
    page = client.post(reverse("language"), {"language": "en", "next": world.identity_url()})
    assert page.url == world.identity_url()
    usager.refresh_from_db()
    assert usager.language == "en"
    page = client.get(page.url)
    assert '<html lang="en"' in page.text
    assert "Monday 11 January 2027" in page.text
    assert page.headers["Content-Language"] == "en"
    PlageOuvertureFactory(lieu=world.lieu, motifs=[world.motif])  # the first is held
    visitor = Client()
    visitor.cookies["django_language"] = "en"
    type_identity(visitor, world, email="ana@exemple.fr")
    assert 'lang="en"' in Client().get(link_of()).text  # the draft remembers, in any browser
    Client().post(link_of())
    assert Usager.objects.get(email="ana@exemple.fr").language == "en"
    agent = Client()
    agent.cookies["django_language"] = "en"
    agent.force_login(world.plage.agent.account)
    page = agent.get(reverse("agents:home"), follow=True)
    assert '<html lang="fr"' in page.text
    client.cookies["django_language"] = "xx"
    assert '<html lang="fr"' in client.get(world.identity_url()).text


def test_A12_a_limit_answers_a_page_in_french(client, world, monkeypatch):
    monkeypatch.setattr(visitor, "SEARCHES_PER_IP", Limit("searches", times=1, seconds=60))
    assert client.get(world.url("slot")).status_code == 200
    page = client.get(world.url("slot"))
    assert page.status_code == 429
    assert "Trop de demandes en peu de temps" in page.text
