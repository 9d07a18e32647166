"""B01-B03, decision 22: a prescripteur books for somebody, and learns nothing of who is known."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from notifications.models import OutboxMessage
from planning.models import Participation, Rdv, RdvEvent, SlotHold
from tests.factories import AgentFactory, UsagerFactory
from tests.integration.usagers.journey import NOW, World, build_world
from usagers.models import Prescripteur, Rattachement, Usager

pytestmark = pytest.mark.django_db

PARTNER = {
    "first_name": "Inès",
    "last_name": "Valmont",
    "email": "ines@cias.example",
    "phone_number": "01 99 00 12 34",
}
NADIA = {
    "last_name": "Costa",
    "first_name": "Nadia",
    "phone_number": "06 11 22 33 44",
    "email": "",
}
CRENEAU = "2027-01-11T08:00Z"


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(NOW, tick=False):
        yield


WHO, CODE = "usagers:booking_prescripteur", "usagers:booking_code"
WHOM, DONE = "usagers:booking_beneficiaire", "usagers:prescription_done"


def at(world: World, name: str, creneau: str = CRENEAU) -> str:
    step = name.removeprefix("usagers:booking_")
    return world.url(step, creneau=creneau, prescripteur="1")


def digits() -> str:
    message = OutboxMessage.objects.filter(kind="contact_code").latest("pk")
    return re.findall(r"\b\d{6}\b", message.body)[0]


def proven(world: World, client: Client) -> Client:
    """Type who one is, and the code of the mail."""
    client.post(at(world, WHO), PARTNER)
    answer = client.post(at(world, CODE), {"code": digits()})
    assert answer.status_code == 302
    assert "/beneficiaire/" in answer["Location"]
    return client


def send(world: World, client: Client, creneau: str = CRENEAU, **changes: str):
    return client.post(at(world, WHOM, creneau), {**NADIA, **changes}, follow=True)


def test_B01_B02_from_the_identity_page_to_the_summary(client):
    world = build_world(asks_needs=True, instructions="Apportez une facture.")
    identity = client.get(world.identity_url()).text
    assert "Je suis un prescripteur qui oriente un bénéficiaire" in identity
    assert client.get(at(world, "identity")).status_code == 302
    assert "Vos coordonnées" in client.get(at(world, WHO)).text
    # Nothing is reached before the address is proven.
    assert client.get(at(world, CODE)).status_code == 302
    assert client.get(at(world, WHOM)).status_code == 302
    wrong = client.post(at(world, WHO), {**PARTNER, "phone_number": "12", "email": ""})
    assert wrong.status_code == 422
    assert "Valmont" in wrong.text
    proven(world, client)
    assert SlotHold.objects.count() == 1
    page = client.get(at(world, WHOM)).text
    assert "Créneau gardé pour vous" in page
    assert "Inès VALMONT" in page
    done = send(world, client, needs="interpreter")
    assert "Le rendez-vous est confirmé" in done.text
    assert "Nadia COSTA" in done.text
    assert "Lundi 11 janvier 2027 à 9" in done.text
    assert "Apportez une facture." in done.text
    assert done.resolver_match.view_name == DONE
    assert Client().get(done.request["PATH_INFO"]).status_code == 404
    row = Participation.objects.get()
    assert str(row.prescripteur) == "Inès VALMONT"
    assert row.needs == ["interpreter"]
    assert (row.usager.origin, row.usager.organisations.get()) == (
        "prescripteur",
        world.organisation,
    )
    assert RdvEvent.objects.get().author_name == "Inès VALMONT"
    assert not SlotHold.objects.exists()
    kinds = OutboxMessage.objects.values_list("kind", "channel", "recipient")
    assert ("rdv_created", "sms", "+33611223344") in kinds
    assert ("prescription_done", "email", PARTNER["email"]) in kinds


def test_B01_an_address_that_lost_its_word_leads_back_to_who_one_is(client):
    """`prescripteur=2` is nobody's journey: the stepper had no such step."""
    world = build_world()
    client.post(at(world, WHO), PARTNER)
    code = world.url("code", creneau=CRENEAU, prescripteur="2")
    who = at(world, WHO).partition("?")[0]
    assert client.get(code)["Location"].startswith(who)
    proven(world, client)
    beneficiary = world.url("beneficiaire", creneau=CRENEAU, prescripteur="2")
    assert client.get(beneficiary)["Location"].startswith(who)
    assert client.post(beneficiary, NADIA)["Location"].startswith(who)


def test_B02_the_mail_of_the_prescripteur_says_no_more_than_they_typed(client):
    world = build_world()
    proven(world, client)
    send(world, client)
    mail = OutboxMessage.objects.get(kind="prescription_done")
    assert "Nadia Costa" in mail.body
    assert "METHOD:PUBLISH" in mail.ics
    assert "Costa" not in mail.ics
    assert "06 11 22" not in mail.body
    assert OutboxMessage.objects.filter(kind="rdv_created_agent").exists()


def test_B01_the_next_one_is_prefilled_and_asks_no_code(client):
    world = build_world()
    proven(world, client)
    send(world, client)
    again = at(world, WHO, "2027-01-11T08:30Z")
    assert 'value="Valmont"' in client.get(again).text
    assert "/beneficiaire/" in client.post(again, PARTNER)["Location"]
    assert OutboxMessage.objects.filter(kind="contact_code").count() == 1


def test_B01_nobody_is_left_untold_without_having_been_asked(client):
    world = build_world()
    proven(world, client)
    for typed in ({"phone_number": ""}, {"phone_number": "01 99 00 12 34"}):
        answer = send(world, client, **typed)
        assert answer.status_code == 422
        assert "aucun message" in answer.text
        assert not Rdv.objects.exists()
    done = send(world, client, phone_number="01 99 00 12 34", untold="on")
    assert "Le rendez-vous est confirmé" in done.text
    assert "ne reçoit aucun message" in done.text
    assert str(Usager.objects.get().phone_number) == "+33199001234"


def test_B01_a_lost_creneau_keeps_what_was_typed(client):
    world = build_world()
    proven(world, client)
    SlotHold.objects.all().delete()
    rival = Client()
    rival.post(at(world, WHO), {**PARTNER, "email": "autre@cias.example"})
    lost = send(world, client)
    assert lost.status_code == 409
    assert 'value="Costa"' in lost.text
    button = re.search(r'action="([^"]*beneficiaire[^"]*)"', lost.text)
    assert button
    page = client.post(button[1].replace("&amp;", "&"), {**NADIA, "keep": "1"})
    assert page.status_code == 200
    assert 'value="Costa"' in page.text
    assert not Rdv.objects.exists()


def test_58_who_is_known_is_found_and_nothing_tells(client):
    world = build_world()
    known = UsagerFactory(
        territoire=world.organisation.territoire,
        first_name="Nadia",
        last_name="Costa",
        phone_number="+33611223344",
        organisations=[],
    )
    proven(world, client)
    first = send(world, client, first_name="NADIA", last_name="Costâ")
    second = send(world, client, "2027-01-11T08:30Z", first_name="Autre", last_name="Personne")
    known.refresh_from_db()
    assert (known.full_name, known.origin) == ("Nadia COSTA", "agent")
    assert Rattachement.objects.filter(usager=known, organisation=world.organisation).exists()
    assert Usager.objects.count() == 2
    plain = [
        re.sub(
            r"NADIA COSTÂ|Autre PERSONNE|9 h 30|9 h|[0-9a-f-]{36}|nonce=\S+|value=\"\w{64}\"",
            "",
            page.text,
        )
        for page in (first, second)
    ]
    assert plain[0] == plain[1]


def test_decision_22_an_address_of_somebody_else_and_no_address(client):
    world = build_world()
    territoire = world.organisation.territoire
    other = UsagerFactory(territoire=territoire, email="famille@exemple.fr")
    proven(world, client)
    send(world, client, phone_number="", email="Famille@exemple.fr")
    nadia = Usager.objects.exclude(pk=other.pk).get()
    assert nadia.email is None
    assert "famille@exemple.fr" in nadia.rattachements.get().notes
    # Without any address, always a new fiche.
    for creneau in ("2027-01-11T08:30Z", "2027-01-11T09:00Z"):
        send(world, client, creneau, phone_number="", untold="on")
    assert Usager.objects.filter(last_name="Costa").count() == 3


def test_A12_the_same_rdv_twice_is_refused_without_a_reason(client):
    world = build_world()
    proven(world, client)
    send(world, client)
    again = send(world, client, "2027-01-11T08:30Z")
    assert again.status_code == 422
    assert "ne peut pas être pris en ligne" in again.text
    assert "déjà" not in again.text
    assert Prescripteur.objects.count() == Rdv.objects.count() == 1


def test_B03_a_motif_of_prescripteurs_is_theirs_only(client):
    world = build_world(booking_level="prescripteurs")
    assert client.get(world.identity_url()).status_code == 404
    start = client.get(world.url("motif", prescripteur="1"))
    assert "Premier accueil" in start.text
    assert "Prendre rendez-vous pour moi" in start.text
    slots = client.get(world.url("slot", prescripteur="1", date="2027-01-11")).text
    assert "/prescripteur/?" in slots
    assert "prescripteur=1" in slots
    proven(world, client)
    assert "Le rendez-vous est confirmé" in send(world, client).text
    # Nobody comes to the forms without a date.
    answer = client.get(world.url("prescripteur", prescripteur="1"), follow=True)
    assert "Choisissez d’abord une date" in answer.text
    # An agent has a way of their own.
    client.force_login(AgentFactory(organisations=[world.organisation]).account)
    agents = client.get(world.url("motif", prescripteur="1")).text
    assert "Élargir votre recherche" in agents


def test_decision_22_beyond_ten_an_hour_a_french_page_says_429(client):
    world = build_world()
    proven(world, client)
    for _time in range(10):
        assert send(world, client, "2027-01-11T06:00Z").status_code == 409
    refused = send(world, client)
    assert refused.status_code == 429
    assert "Trop de demandes" in refused.text
    assert not Rdv.objects.exists()
    cache.clear()
    with time_machine.travel(NOW + timedelta(hours=9), tick=False):
        # What was proven in the morning is asked again.
        assert "/prescripteur/" in client.get(at(world, WHOM))["Location"]
