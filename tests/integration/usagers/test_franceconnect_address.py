"""Decision 20: an address that FranceConnect gives is proven by a click, never believed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from notifications.models import OutboxMessage
from rdv.accounts.models import Account
from tests.factories import UsagerFactory
from tests.integration.usagers.journey import NOW, link_of, type_identity
from tests.oidc.provider import ANGELA
from tests.oidc.visit import Visit, link_of_mail, signed_in
from usagers.models import Origin, PendingIdentity, Usager
from usagers.services.franceconnect_link import purge_pending_identities
from usagers.tasks import purge_pending_identities_task

pytestmark = pytest.mark.django_db
EMAIL = ANGELA["email"]


def test_20_a_known_address_asks_for_a_click_in_any_browser(visit, world, other_browser):
    theirs = UsagerFactory(
        territoire=world.organisation.territoire,
        email=EMAIL,
        first_name="Angie",
        last_name="Durand",
        phone_number="+33639985678",
        organisations=[world.organisation],
    )
    answer = visit.identify(world.identity_url())
    page = visit.client.get(answer["Location"])
    assert "ouvrez votre messagerie" in page.text
    assert EMAIL in page.text
    assert not SocialAccount.objects.exists()
    assert not signed_in(visit.client)
    mail = OutboxMessage.objects.get(kind="franceconnect_verify")
    assert mail.recipient == EMAIL
    assert "Angela" not in mail.body
    assert "DUBOIS" not in mail.body
    link = link_of_mail()
    secret = link.split("/")[-2]
    assert link == reverse("usagers:franceconnect_confirm", args=[secret])
    assert not PendingIdentity.objects.filter(digest=secret).exists()  # only its hash is kept
    page = other_browser.get(link)  # opening it changes nothing
    assert "Angela Claire Louise" in page.text
    assert "Est-ce bien vous" in page.text
    assert not SocialAccount.objects.exists()
    assert other_browser.post(link)["Location"] == world.identity_url()
    theirs.refresh_from_db()
    assert theirs.account is not None
    assert theirs.account.email_is_proven
    assert (theirs.first_name, theirs.birth_name) == ("Angela Claire Louise", "DUBOIS")
    assert theirs.origin == Origin.AGENT
    assert Usager.objects.count() == 1
    assert signed_in(other_browser)
    assert PendingIdentity.objects.get().identity == {}
    assert "Ce lien ne sert plus" in other_browser.get(link).text
    # From now on `sub` is enough.
    assert visit.identify(world.identity_url())["Location"] == world.identity_url()
    assert signed_in(visit.client)


def test_20_the_click_of_a_signed_out_person_is_over_after_a_day(visit, world, other_browser):
    UsagerFactory(territoire=world.organisation.territoire, email=EMAIL)
    visit.identify(world.identity_url())
    link = link_of_mail()
    visit.client.post(reverse("usagers:franceconnect_address"), {"again": "1"})
    assert other_browser.get(link).status_code == 404  # replaced by the second one
    link = link_of_mail()
    with time_machine.travel(NOW + timedelta(hours=25)):
        assert other_browser.post(link).status_code == 404
    assert not SocialAccount.objects.exists()


def test_20_without_address_one_is_asked_and_proven(visit, provider, world):
    del provider.people["angela"]["email"]
    answer = visit.identify(world.identity_url())
    page = visit.client.get(answer["Location"])
    assert "À quelle adresse vous écrire" in page.text
    assert visit.client.post(answer["Location"], {"email": "angela"}).status_code == 422
    visit.client.post(answer["Location"], {"email": "Angela.@exemple.fr"})
    assert not Usager.objects.exists()
    visit.client.post(link_of_mail())
    assert Usager.objects.get().email == EMAIL
    assert Usager.objects.get().account.email_is_proven


def test_20_another_identity_does_not_take_over_an_account(visit, provider, world, other_browser):
    visit.identify(world.identity_url())
    Account.objects.filter(kind="usager").update(email_is_proven=True)
    provider.people["sosie"] = {**ANGELA, "given_name": "Sosie"}
    provider.who = "sosie"
    double = Visit(other_browser)
    double.identify(world.identity_url())
    double.close()
    page = Client().post(link_of_mail())  # even if the person clicks
    assert page.status_code == 422
    assert "deux comptes différents" in page.text
    assert SocialAccount.objects.count() == 1
    assert Usager.objects.get().first_name == "Angela Claire Louise"


def test_20_who_only_declared_an_address_loses_it_to_its_reader(visit, world, other_browser):
    visit.identify(world.identity_url())  # nobody had that address yet
    type_identity(other_browser, world, email=EMAIL)
    other_browser.post(link_of())  # its reader books by mail
    assert not SocialAccount.objects.exists()
    assert not signed_in(visit.client)
    assert Account.objects.get(kind="usager").email_is_proven


def test_20_a_code_in_that_mailbox_takes_the_account_back_too(visit, world, other_browser):
    visit.identify(world.identity_url())
    other_browser.post(reverse("usagers:sign_in"), {"email": EMAIL, "next": ""})
    body = OutboxMessage.objects.filter(kind="contact_code").latest("pk").body
    found = re.search(r"\b(\d{6})\b", body)
    assert found
    other_browser.post(reverse("usagers:sign_in_code"), {"code": found[1]})
    assert signed_in(other_browser)
    assert not signed_in(visit.client)
    assert not SocialAccount.objects.exists()


def test_20_a_declared_address_opens_no_fiche_of_another_territoire(visit, world):
    visit.identify("")
    known = UsagerFactory(territoire=world.organisation.territoire, email=EMAIL, first_name="Zoé")
    page = visit.client.post(world.identity_url(), {"who": "self"})
    assert page.status_code == 422
    assert "identifiez-vous de nouveau" in page.text
    visit.identify(world.identity_url())  # the way on: a click in that mailbox
    known.refresh_from_db()
    assert known.account is None
    visit.client.post(link_of_mail())
    known.refresh_from_db()
    assert known.account is not None


def test_A04_forgotten_identities_are_purged(visit, world):
    UsagerFactory(territoire=world.organisation.territoire, email=EMAIL)
    visit.identify(world.identity_url())
    purge_pending_identities_task()
    assert PendingIdentity.objects.exists()
    assert purge_pending_identities(now=NOW + timedelta(hours=60)) == 1
