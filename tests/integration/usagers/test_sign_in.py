"""Decision 20, G08, A14: sign-in of the usagers by a mailed code, and leaving without a trace."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from agents.models import BrandHost
from notifications.models import OutboxMessage
from planning.models import SlotHold
from rdv.accounts.models import Account, Kind
from tests.factories import AgentFactory, BrandFactory, UsagerFactory
from tests.integration.usagers.journey import type_identity
from usagers.models import BookingDraft, ContactCode, Usager

pytestmark = pytest.mark.django_db
SIGN_IN, CODE = reverse("usagers:sign_in"), reverse("usagers:sign_in_code")
LIST, ACCOUNT = reverse("usagers:rdv_list"), reverse("usagers:account")
PASSWORD = "Un-bon-mot-de-passe-7"


def digits():
    message = OutboxMessage.objects.filter(kind="contact_code").latest("pk")
    return re.search(r"\b(\d{6})\b", message.body)[1]


def ask(visitor, email="lea@exemple.fr", target=""):
    return visitor.post(SIGN_IN, {"email": email, "next": target})


def enter(visitor, email="lea@exemple.fr", target=""):
    ask(visitor, email, target)
    return visitor.post(CODE, {"code": digits()})


def lea(**fields):
    return UsagerFactory(**{"email": "lea@exemple.fr", "with_account": True, **fields})


def signed_in(visitor):
    return visitor.get(ACCOUNT).status_code == 200


def test_A08_the_code_opens_the_page_that_was_asked_for(client):
    usager = lea(first_name="Léa", last_name="Martin")
    asked = client.get(ACCOUNT)
    assert asked.url == f"{SIGN_IN}?next=%2Fvotre-compte%2F"
    page = client.get(asked.url)
    assert "Chaque message de confirmation" in page.text
    assert enter(client, " Lea.@Exemple.fr", ACCOUNT).url == ACCOUNT
    page = client.get(ACCOUNT)
    assert "Léa MARTIN" in page.text
    assert client.session["_auth_user_id"] == str(usager.account.pk)
    assert not ContactCode.objects.exists()  # it opens once


@pytest.mark.parametrize(
    "target",
    [
        "https://ailleurs.example/",
        "//ailleurs.example/mes-rdv/",
        "/mes-rdv/../organisations/",
        "/organisations/",
        "javascript:alert(1)",
        "\\\\ailleurs.example",
        "/mes-rdv\\@ailleurs.example",
    ],
)
def test_A08_no_way_out_of_the_public_side(client, target):
    lea()
    url = enter(client, target=target).url
    assert url == LIST


def test_decision_20_known_or_not_the_pages_and_the_mails_are_the_same(client):
    lea()
    answers = []
    for email in ("lea@exemple.fr", "inconnue@exemple.fr"):
        visitor = Client()
        page = ask(visitor, email)
        text = visitor.get(CODE).text.replace(email, "")
        text = re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', "", text)
        answers.append((page.status_code, page.url, text))
    assert answers[0] == answers[1]
    subjects = {re.sub(r"\d{6}", "", m.subject) for m in OutboxMessage.objects.all()}
    assert OutboxMessage.objects.count() == 2
    assert len(subjects) == 1


def test_decision_36_the_code_is_signed_as_the_page_that_sends_it(client, settings):
    settings.ALLOWED_HOSTS = ["rdv.aisne.example", "testserver"]
    brand = BrandFactory(name="RDV Aisne")
    BrandHost.objects.create(brand=brand, host="rdv.aisne.example")
    client.post(SIGN_IN, {"email": "lea@exemple.fr"}, headers={"host": "rdv.aisne.example"})
    ask(client)
    codes = OutboxMessage.objects.filter(kind="contact_code").order_by("pk")
    subjects = [message.subject for message in codes]
    assert subjects == ["Votre code RDV Aisne", f"Votre code {settings.SITE_NAME}"]


def test_decision_20_nobody_is_created(client):
    page = enter(client, "inconnue@exemple.fr")
    assert page.url == SIGN_IN
    assert "Aucun rendez-vous n’est connu" in client.get(SIGN_IN).text
    assert not Usager.objects.exists()
    assert not Account.objects.exists()


def test_decision_20_a_proven_address_takes_the_fiches_that_wait_for_it(client):
    """An agent typed them: in two territoires; a relative's and another's stay as they were."""
    first, second = (UsagerFactory(email="lea@exemple.fr", with_account=False) for _ in range(2))
    other = UsagerFactory(email="autre@exemple.fr", with_account=False)
    enter(client)
    account = Account.objects.get(kind=Kind.USAGER)
    for fiche in (first, second):
        fiche.refresh_from_db()
        assert fiche.account == account
    other.refresh_from_db()
    assert other.account is None


def test_A12_five_wrong_codes_and_the_right_one_is_refused_too(client):
    lea()
    ask(client)
    right = digits()
    wrong = "000000" if right != "000000" else "111111"
    assert [client.post(CODE, {"code": wrong}).status_code for _ in range(5)] == [422] * 5
    assert client.post(CODE, {"code": right}).status_code == 429
    assert not signed_in(client)


def test_A12_a_code_lasts_fifteen_minutes_and_another_may_be_asked_for(client, clock):
    lea()
    ask(client)
    clock.shift(timedelta(minutes=15))
    assert client.post(CODE, {"code": digits()}).url == SIGN_IN
    ask(client)
    first = digits()
    client.post(CODE, {"again": "1"})
    assert client.post(CODE, {"code": f" {digits()[:3]} {digits()[3:]} "}).url == LIST
    assert signed_in(client)
    assert first


def test_A12_codes_for_one_address_are_counted(client):
    assert [ask(client).status_code for _ in range(6)] == [302] * 5 + [429]


def test_G08_never_an_agent_s_space(client):
    agent = AgentFactory()
    Account.objects.create_account(kind=Kind.USAGER, email=agent.account.email, password=PASSWORD)
    enter(client, agent.account.email)
    assert signed_in(client)
    assert client.get(reverse("agents:home")).status_code == 403
    visitor = Client()
    page = visitor.post(
        reverse("account_usager_login"), {"login": agent.account.email, "password": PASSWORD}
    )
    assert page.url == LIST
    assert visitor.get(reverse("agents:home")).status_code == 403
    alone = AgentFactory()
    assert enter(Client(), alone.account.email).url == SIGN_IN


def test_G08_the_password_s_door_locks_and_stays_on_the_public_side(client):
    account = lea().account
    account.set_password(PASSWORD)
    account.save()
    door = reverse("account_usager_login")

    def knock(visitor, password, target=""):
        data = {"login": "lea@exemple.fr", "password": password, "next": target}
        return visitor.post(door, data)

    assert knock(Client(), PASSWORD, "https://ailleurs.example/").url == LIST
    assert knock(Client(), PASSWORD, ACCOUNT).url == ACCOUNT
    assert [knock(client, "faux").status_code for _ in range(5)] == [422] * 5
    page = knock(client, PASSWORD)
    assert page.status_code == 422
    assert "Trop de tentatives" in page.text


def test_decision_34_an_usager_s_session_ends(client, clock):
    lea()
    enter(client)
    assert signed_in(client)
    for _ in range(16):
        clock.shift(timedelta(minutes=29))
        assert signed_in(client)
    clock.shift(timedelta(minutes=29))
    assert not signed_in(client)


def test_A14_nothing_stays_behind(client, world):
    lea()
    enter(client)
    client.get(world.identity_url())  # holds the créneau
    assert SlotHold.objects.exists()
    page = client.post(reverse("usagers:finish"))
    assert page["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert page.url == reverse("usagers:finished")
    assert not SlotHold.objects.exists()
    assert not signed_in(client)
    assert "C’est effacé" in client.get(page.url).text
    assert client.get(reverse("usagers:finish")).status_code == 405


def test_A14_what_waits_for_a_click_in_the_mailbox_can_be_finished_at_home(client, world):
    type_identity(client, world)
    draft = BookingDraft.objects.get()
    client.post(reverse("usagers:finish"))
    assert dict(client.session) == {}
    draft.refresh_from_db()
    assert draft.digest
    other = Client()
    type_identity(other, world, email="autre@exemple.fr")
    unsent = BookingDraft.objects.exclude(pk=draft.pk)
    unsent.update(digest=None, link_sent_at=None, link_expires_at=None)
    other.post(reverse("usagers:finish"))
    assert not unsent.exists()
