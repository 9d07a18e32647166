"""A11: the booking, the links, the space and the messages, for somebody who reads English."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from notifications.models import OutboxMessage
from planning.models import Rdv
from tests.factories import PlageOuvertureFactory, RdvFactory, UsagerFactory
from tests.integration.usagers.english import assert_english, french_left
from tests.integration.usagers.journey import (
    IDENTITY,
    NINE,
    link_of,
    secret_of_confirmation,
    type_identity,
)
from usagers.models import Usager

pytestmark = pytest.mark.django_db
INSTRUCTIONS = "Apportez vos papiers et une pièce d’identité."
WHEN = "Monday 11 January 2027 at 9 am"


def english(client: Client | None = None) -> Client:
    visitor = client or Client()
    visitor.cookies["django_language"] = "en"
    return visitor


@pytest.fixture
def place(world):
    """The world, whose organisation wrote in French what people read."""
    world.motif.instructions = world.motif.cancel_warning = INSTRUCTIONS
    world.motif.asks_needs = world.motif.has_waiting_list = True
    world.motif.save()
    return world


def book(world) -> Rdv:
    """Book as a visitor who reads English, the mail being opened in another browser."""
    visitor = english()
    type_identity(visitor, world)
    Client().post(link_of())
    return Rdv.objects.get()


def test_A11_from_the_public_link_to_the_confirmed_rdv(client, place):
    world, names = place, (place.organisation.name, place.lieu.name, place.motif.name)
    PlageOuvertureFactory(lieu=world.lieu, motifs=[world.motif])
    english(client)
    start = reverse("usagers:booking_organisation", args=[world.organisation.slug])
    assert_english(client.get("/"), *names)
    for address in (start, world.url("motif"), world.url("slot")):
        assert_english(client.get(address, follow=True), *names)
    page = assert_english(client.get(world.identity_url()), *names)
    assert f"{WHEN}<" in page.text
    empty = client.post(world.identity_url(), {**dict.fromkeys(IDENTITY, ""), "email": "moi@"})
    page = assert_english(empty, *names, status=422)
    assert "Enter your last name." in page.text
    asked = type_identity(client, world)
    page = assert_english(client.get(asked.url), *names)
    other_browser = Client()  # no cookie: the draft knows the language
    page = assert_english(other_browser.get(link_of()), *names)
    assert "Confirm the 9 am appointment" in page.text
    page = assert_english(other_browser.post(link_of(), follow=True), *names)
    assert "Your appointment is confirmed" in page.text
    assert f'<div class="fr-callout__text" lang="fr"><p>{INSTRUCTIONS}</p>' in page.text
    assert_english(other_browser.get(link_of(), follow=True), *names)
    assert_english(client.get("/no-such-page/"), status=404)


def test_A11_nothing_free_and_the_waiting_list(client, place):
    world, names = place, (place.organisation.name, place.lieu.name, place.motif.name)
    english(client)
    client.get(world.identity_url())
    RdvFactory(
        motif=world.motif,
        lieu=world.lieu,
        agents=[world.plage.agent],
        usagers=[UsagerFactory(territoire=world.organisation.territoire)],
        starts_at=NINE,
        ends_at=NINE + timedelta(hours=3),
    )
    assert_english(client.get(world.url("slot")), *names)
    assert_english(client.get(world.url("waiting")), *names)
    asked = client.post(world.url("waiting"), {"phone_number": "06 39 98 12 34"})
    assert_english(client.get(asked.url), *names)
    code = OutboxMessage.objects.get(kind="contact_code")
    digits = re.findall(r"\b\d{6}\b", code.body)[0]
    assert code.body.startswith(f"{digits} is your ")
    joined = client.post(asked.url, {"code": digits})
    assert_english(client.get(joined.url), *names)
    sms = OutboxMessage.objects.get(kind="waiting_list_joined", channel="sms")
    assert sms.body.startswith("You are on the waiting list of ")


def test_A11_the_link_of_a_message_speaks_the_language_of_its_reader(place):
    book(place)
    visitor, names = Client(), (place.organisation.name, place.lieu.name)
    letters = visitor.get(f"/r/{secret_of_confirmation()}/").url
    assert_english(visitor.get(letters), *names)
    wrong = assert_english(visitor.post(letters, {"letters": "XYZ"}), *names, status=422)
    assert "These are not the right letters." in wrong.text
    page = assert_english(visitor.post(letters, {"letters": "mar"}, follow=True), *names)
    assert "Upcoming" in page.text
    for name in ("token_rdv", "token_move", "token_cancel"):
        assert_english(visitor.get(reverse(f"usagers:{name}")), *names)
    page = visitor.post(reverse("usagers:token_cancel"), follow=True)
    assert_english(page, *names)
    assert_english(Client(headers={"cookie": "django_language=en"}).get("/r/x/"), status=404)


def test_A11_the_space(client, place):
    rdv = book(place)
    usager = Usager.objects.get()
    names = (place.organisation.name, place.lieu.name, usager.territoire.name)
    english(client)
    assert_english(client.get(reverse("usagers:sign_in")))
    assert_english(client.get(reverse("account_usager_login")))
    client.force_login(usager.account)
    for name in ("rdv_detail", "rdv_move", "rdv_cancel", "rdv_person", "booking_done"):
        assert_english(client.get(reverse(f"usagers:{name}", args=[rdv.uuid])), *names)
    for name in ("rdv_list", "account", "account_preferences", "account_address"):
        assert_english(client.get(reverse(f"usagers:{name}")), *names)
    for name in ("account_password", "account_end", "finished"):
        assert_english(client.get(reverse(f"usagers:{name}")), *names)
    for name in ("account_information", "proche_add"):
        assert_english(client.get(reverse(f"usagers:{name}", args=[usager.uuid])), *names)
    page = client.post(reverse("account_logout"), follow=True)
    assert_english(page, *names)


def test_A11_messages_in_the_language_of_the_person_and_of_the_agents(place):
    rdv = book(place)
    names = (place.organisation.name, place.lieu.name, place.lieu.address, place.motif.name)
    said = {row.kind + row.channel: row for row in OutboxMessage.objects.filter(rdv=rdv)}
    email, sms = said["rdv_createdemail"], said["rdv_createdsms"]
    assert email.subject == f"Appointment confirmed: {WHEN}"
    assert f"Date: {WHEN}\n" in email.body
    assert f'<div lang="fr"><p>{INSTRUCTIONS}</p></div>' in email.html
    assert french_left(email.html, *names) == []
    assert "SUMMARY:Appointment –" in email.ics
    assert sms.body.startswith("Appointment Monday 11/01 at 9am\n")
    assert "Info/cancel: " in sms.body
    assert sms.sms_segments == 1
    agent = said["rdv_created_agentemail"]
    assert "lundi 11 janvier 2027 à 9 h" in agent.subject + agent.body
    assert 'lang="fr"' in agent.html
    assert "Date : lundi" in agent.body


def test_A11_a_prescripteur_and_what_they_are_sent(client, place):
    names = (place.organisation.name, place.lieu.name, place.lieu.address, place.motif.name)
    english(client)

    def at(step: str) -> str:
        return place.url(step, creneau="2027-01-11T08:00Z", prescripteur="1")

    assert_english(client.get(at("prescripteur")), *names)
    partner = {**IDENTITY, "email": "ines@cias.example"}
    page = assert_english(client.post(at("prescripteur"), partner, follow=True), *names)
    body = OutboxMessage.objects.get(kind="contact_code").body
    digits = re.findall(r"\b\d{6}\b", body)[0]
    page = assert_english(client.post(at("code"), {"code": digits}, follow=True), *names)
    nadia = {"last_name": "Costa", "first_name": "Nadia", "phone_number": "06 11 22 33 44"}
    assert_english(client.post(at("beneficiaire"), {}), *names, status=422)
    page = assert_english(client.post(at("beneficiaire"), nadia, follow=True), *names)
    assert "The appointment is confirmed" in page.text
    mail = OutboxMessage.objects.get(kind="prescription_done")
    assert mail.subject == f"Appointment booked: {WHEN}"
    assert french_left(mail.html, *names) == []
    told = OutboxMessage.objects.get(kind="rdv_created", channel="sms")
    assert told.body.startswith("RDV lundi 11/01")  # the language of Nadia is not known


def test_A11_the_agents_pages_stay_in_french(client, place):
    english(client)
    client.force_login(place.plage.agent.account)
    page = client.get("/agents/", headers={"accept-language": "en"}, follow=True)
    assert page.headers["Content-Language"] == "fr"
    assert '<html lang="fr"' in page.text
    page = Client().get("/agents/connexion/", headers={"accept-language": "en"})
    assert "Se connecter" in page.text
