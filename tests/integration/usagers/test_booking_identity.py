"""A05, A12: who books, the mail, its link, the limits."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from notifications.models import OutboxMessage
from planning.models import Rdv, SlotHold
from rdv.accounts.models import Account
from tests.factories import (
    PlageOuvertureFactory,
    RdvFactory,
    UsagerFactory,
)
from tests.integration.usagers.journey import (
    IDENTITY,
    NINE,
    NOW,
    build_world,
    link_of,
    type_identity,
)
from usagers.models import BookingDraft
from usagers.services.booking_draft_purge import purge_booking_drafts
from usagers.tasks import purge_booking_drafts_task

pytestmark = pytest.mark.django_db
VERIFY = "/rendez-vous/verification/"


def hidden(page, name="choice"):
    field = BeautifulSoup(page.text, "html.parser").find("input", {"name": name})
    assert field is not None
    return field["value"]


def take(world, starts_at=NINE):
    """Somebody else books that time."""
    return RdvFactory(
        motif=world.motif, lieu=world.lieu, agents=[world.plage.agent], starts_at=starts_at
    )


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("last_name", "", "Écrivez votre nom."),
        ("first_name", " ", "Écrivez votre prénom."),
        ("email", "lea", "Cette adresse n’est pas complète."),
        ("phone_number", "06 12 34 56 7", "Ce numéro n’est pas valide."),
    ],
)
def test_A05_a_wrong_field_gives_everything_back(client, world, field, typed, message):
    page = type_identity(client, world, **{field: typed})
    assert page.status_code == 422
    assert message in page.text
    kept = {name: value for name, value in IDENTITY.items() if name != field}
    for value in kept.values():
        assert f'value="{value}"' in page.text
    assert not BookingDraft.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_A05_a_phone_rdv_needs_a_number(client):
    world = build_world(name="Appel", location_type="telephone")
    address = world.identity_url(motif="appel-telephone", lieu="")
    page = client.post(address, {**IDENTITY, "phone_number": ""})
    assert page.status_code == 422
    assert "Écrivez le numéro à appeler." in page.text


def test_A05_a_landline_is_told_that_it_gets_no_sms(client, world):
    type_identity(client, world, phone_number="03 21 11 22 33")
    assert "n’est pas un mobile" in client.get(VERIFY).text


def test_A05_known_and_unknown_addresses_get_the_same_page(client, world):
    UsagerFactory(
        territoire=world.organisation.territoire, email="connue@exemple.fr", with_account=True
    )
    PlageOuvertureFactory(lieu=world.lieu, motifs=[world.motif])  # the first holds the créneau
    pages = []
    for email in ("connue@exemple.fr", "neuve@exemple.fr"):
        visitor = Client()
        answer = type_identity(visitor, world, email=email)
        pages.append((answer.status_code, visitor.get(VERIFY).text.replace(email, "@")))
    known, unknown = [
        (status, BeautifulSoup(text, "html.parser").find("main").get_text())
        for status, text in pages
    ]
    assert known == unknown
    assert OutboxMessage.objects.filter(kind="booking_verify").count() == 2


def test_A05_the_mail_says_the_time_and_not_the_reason(client, world):
    type_identity(client, world)
    message = OutboxMessage.objects.get()
    assert "lundi 11 janvier 2027" in message.body
    assert "Premier accueil" not in message.body + message.subject
    draft = BookingDraft.objects.get()
    assert draft.digest not in message.body
    assert link_of().rstrip("/").rpartition("/")[2] not in (draft.digest or "")


def test_A05_opening_the_link_changes_nothing(client, world):
    type_identity(client, world)
    for _ in range(3):
        page = Client().get(link_of())
        assert page.status_code == 200
    assert not Rdv.objects.exists()
    assert not Account.objects.filter(kind="usager").exists()
    assert BookingDraft.objects.get().link_used_at is None


def test_A05_a_link_is_over_after_24_hours(client, world):
    type_identity(client, world)
    link = link_of()
    with time_machine.travel(NOW + timedelta(hours=24), tick=False):
        for page in (Client().get(link), Client().post(link)):
            assert page.status_code == 404
            assert "Ce lien ne sert plus" in page.text
            assert str(world.lieu.uuid) in page.text
    assert not Rdv.objects.exists()


def test_A05_a_link_books_once(client, world):
    type_identity(client, world)
    link = link_of()
    stranger, owner = Client(), Client()
    assert owner.post(link).status_code == 302
    for page in (stranger.get(link), stranger.post(link)):
        assert "Vous avez déjà utilisé ce lien" in page.text
        assert "Lundi 11 janvier 2027 à 9 h" in page.text
        assert "MARTIN" not in page.text
    assert "_auth_user_id" not in stranger.session
    assert owner.get(link).url == reverse("usagers:rdv_detail", args=[Rdv.objects.get().uuid])
    assert Rdv.objects.count() == 1


def test_A05_a_resent_link_replaces_the_former_one(client, world):
    type_identity(client, world)
    former = link_of()
    page = client.post(reverse("usagers:booking_resend"), follow=True)
    assert "Un nouveau message est parti" in page.text
    assert Client().get(former).status_code == 404
    assert Client().get(link_of()).status_code == 200


def test_A05_the_address_can_be_corrected_by_its_own_browser_only(client, world):
    type_identity(client, world, email="lea@exemlpe.fr")
    wrong = link_of()
    stranger = Client()
    stranger.post(reverse("usagers:booking_address"), {"email": "voleur@exemple.fr"})
    assert BookingDraft.objects.get().email == "lea@exemlpe.fr"
    page = client.post(reverse("usagers:booking_address"), {"email": "lea"})
    assert page.status_code == 422
    page = client.post(reverse("usagers:booking_address"), {"email": "lea@exemple.fr"}, follow=True)
    assert "lea@exemple.fr" in page.text
    assert Client().get(wrong).status_code == 404
    Client().post(link_of())
    assert Rdv.objects.get().participations.get().usager.email == "lea@exemple.fr"


def test_A05_without_a_booking_the_pending_page_leads_home(client, db):
    page = client.get(VERIFY)
    assert page.status_code == 404
    assert client.post(reverse("usagers:booking_resend")).status_code == 302


@pytest.mark.parametrize("field", ["email", "phone_number"])
def test_A12_links_are_limited_by_address_and_by_phone(world, field):
    answers = []
    for number in range(6):
        changes = {"email": f"p{number}@exemple.fr", "phone_number": f"06 39 98 12 3{number}"}
        changes[field] = IDENTITY[field]
        answers.append(type_identity(Client(), world, **changes))
        SlotHold.objects.all().delete()
    assert [a.status_code for a in answers] == [302] * 5 + [429]
    assert "Trop de demandes" in answers[-1].text
    assert f'value="{IDENTITY[field]}"' in answers[-1].text
    assert OutboxMessage.objects.count() == 5


def test_A12_links_are_limited_by_ip(world, monkeypatch):
    from rdv.common.rate_limits import Limit
    from usagers.services import booking_link_send

    monkeypatch.setattr(booking_link_send, "PER_IP", Limit("ip", times=2, seconds=60))
    PlageOuvertureFactory(lieu=world.lieu, motifs=[world.motif])
    PlageOuvertureFactory(lieu=world.lieu, motifs=[world.motif])
    answers = [
        type_identity(Client(), world, email=f"p{n}@exemple.fr", phone_number="") for n in range(3)
    ]
    SlotHold.objects.all().delete()
    assert [a.status_code for a in answers] == [302, 302, 429]
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert type_identity(elsewhere, world, phone_number="").status_code == 302


def test_A05_drafts_are_forgotten_after_48_hours(client, world):
    type_identity(client, world)
    purge_booking_drafts(now=NOW + timedelta(hours=47))
    assert BookingDraft.objects.count() == 1
    with time_machine.travel(NOW + timedelta(hours=49), tick=False):
        purge_booking_drafts_task()
    assert not BookingDraft.objects.exists()
