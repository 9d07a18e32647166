"""A04: identification by FranceConnect, against a real provider on this machine."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.urls import reverse

from agents.models import AuditEntry
from notifications.models import OutboxMessage
from planning.models import Rdv
from rdv.accounts.models import Account
from tests.factories import AgentFactory, UsagerFactory
from tests.integration.usagers.journey import NINE
from tests.oidc.provider import ANGELA
from tests.oidc.visit import SITE, link_of_mail, signed_in
from usagers.models import Origin, Usager

pytestmark = pytest.mark.django_db
EMAIL = ANGELA["email"]


def test_A04_from_the_creneau_to_the_rdv_without_any_mail(visit, world):
    page = visit.client.get(world.identity_url())
    assert 'class="fr-connect"' in page.text
    assert "Qu’est-ce que FranceConnect" in page.text
    leaving = visit.leave(world.identity_url())
    back = visit.at_provider(leaving["Location"])
    answer = visit.client.get(back)
    assert answer["Location"] == world.identity_url()  # the créneau made the journey
    page = visit.client.get(answer["Location"])
    for shown in ("Angela Claire Louise", "DURAND", "DUBOIS", "24 août 1962", EMAIL):
        assert shown in page.text
    for name in ("first_name", "last_name", "birth_name", "birth_date", "email"):
        assert f'name="{name}"' not in page.text  # read-only
    page = visit.client.post(world.identity_url(), {"who": "self", "phone_number": "0639981234"})
    usager = Rdv.objects.get().participations.get().usager
    assert Rdv.objects.get().starts_at == NINE
    assert (usager.first_name, usager.last_name) == ("Angela Claire Louise", "DURAND")
    assert (usager.birth_name, usager.birth_date) == ("DUBOIS", date(1962, 8, 24))
    assert (usager.email, str(usager.phone_number)) == (EMAIL, "+33639981234")
    assert usager.origin == Origin.FRANCECONNECT
    assert usager.identity_certified_at is not None
    assert usager.territoire == world.organisation.territoire
    assert not OutboxMessage.objects.filter(kind="franceconnect_verify").exists()
    entry = AuditEntry.objects.get(action="usager_certified")
    assert "DUBOIS" not in str(entry.detail)


def test_A04_what_is_asked_of_the_provider(visit, provider):
    leaving = visit.client.post(
        "/franceconnect/connexion/?scope=admin&auth_params=acr_values%3Deidas3&process=connect",
        {"next": "/mes-rdv/"},
    )
    asked = {k: v[0] for k, v in parse_qs(urlsplit(leaving["Location"]).query).items()}
    assert set(asked["scope"].split()) == {
        "openid",
        "given_name",
        "family_name",
        "birthdate",
        "email",
        "preferred_username",
    }
    assert asked["acr_values"] == "eidas1"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"{SITE}/franceconnect/retour/"
    assert len(asked["state"]) >= 32
    assert len(asked["nonce"]) >= 32
    assert asked["state"] != asked["nonce"]
    back = visit.at_provider(leaving["Location"])
    assert visit.client.get(back)["Location"] == "/mes-rdv/"
    token = next(fields for path, fields in provider.asked if path == "token")
    assert token["code_verifier"]
    # The state serves once.
    assert "Votre demande a expiré" in visit.client.get(back).text


@pytest.mark.parametrize(
    "next_path", ["https://mechant.fr/", "//mechant.fr/", "/\\mechant.fr", "javascript:alert(1)"]
)
def test_A04_never_an_open_redirection(visit, next_path):
    assert visit.identify(next_path)["Location"] == "/mes-rdv/"


def test_A04_a_later_login_changes_nothing(visit, provider, world):
    visit.identify(world.identity_url())
    Usager.objects.update(last_name="DUPONT")  # the name in use stays the person's to change
    provider.people["angela"] |= {"given_name": "Ange", "email": "autre@exemple.fr"}
    visit.client.post("/deconnexion/")
    visit.identify(world.identity_url())
    usager = Usager.objects.get()
    assert (usager.first_name, usager.last_name) == ("Angela Claire Louise", "DUPONT")
    assert usager.account.email == EMAIL
    assert Account.objects.filter(kind="usager").count() == 1
    assert signed_in(visit.client)


def test_A04_outside_a_territoire_the_fiche_comes_with_the_first_rdv(visit, world):
    assert 'class="fr-connect"' in visit.client.get(reverse("usagers:sign_in")).text
    visit.identify("")
    assert not Usager.objects.exists()
    page = visit.client.get(world.identity_url())
    assert "Angela Claire Louise" in page.text
    visit.client.post(world.identity_url(), {"who": "self"})
    usager = Usager.objects.get()
    assert (usager.birth_name, usager.origin) == ("DUBOIS", Origin.FRANCECONNECT)
    assert Rdv.objects.get().participations.get().usager == usager


def test_A04_missing_claims_leave_values(visit, provider, world, other_browser):
    theirs = UsagerFactory(
        territoire=world.organisation.territoire,
        email=EMAIL,
        first_name="Angie",
        last_name="Durand",
        birth_date=date(1960, 1, 1),
    )
    provider.people["angela"] = {"given_name": "Angela", "family_name": "DUBOIS", "email": EMAIL}
    provider.people["angela"]["birthdate"] = "1962-00-00"
    visit.identify(world.identity_url())
    other_browser.post(link_of_mail())
    theirs.refresh_from_db()
    assert theirs.birth_date == date(1960, 1, 1)
    assert (theirs.first_name, theirs.last_name) == ("Angela", "DUBOIS")
    assert theirs.birth_name == "DUBOIS"


def test_G08_the_address_of_an_agent_gives_no_agent_space(visit, world):
    agent = AgentFactory(organisations=[world.organisation], email=EMAIL)
    visit.client.force_login(agent.account)
    visit.identify(world.identity_url())
    assert signed_in(visit.client)
    assert visit.client.get(reverse("agents:home")).status_code == 403
    assert Account.objects.get(kind="usager").email == EMAIL


def test_A04_the_session_of_the_provider_ends_too(visit, provider, world):
    visit.identify(world.identity_url())
    page = visit.client.post("/deconnexion/")
    assert not signed_in(visit.client)
    link = BeautifulSoup(page.text, "html.parser").select_one("main a.fr-btn")
    assert link is not None
    url = str(link["href"])
    back = visit.at_provider(url)
    asked = next(fields for path, fields in provider.asked if path == "session/end")
    assert asked["id_token_hint"].count(".") == 2
    assert len(asked["state"]) >= 32
    page = visit.client.get(back, follow=True)
    assert "de FranceConnect aussi" in page.text


def test_A14_finishing_on_a_shared_computer_ends_both_sessions(visit, provider, world):
    visit.identify(world.identity_url())
    page = visit.client.post(reverse("usagers:finish"), follow=True)
    assert not signed_in(visit.client)
    link = BeautifulSoup(page.text, "html.parser").select_one("main a.fr-btn")
    assert link is not None
    back = visit.at_provider(str(link["href"]))
    page = visit.client.get(back, follow=True)
    assert "C’est effacé" in page.text
    assert any(path == "session/end" for path, _fields in provider.asked)


def test_A04_our_session_ends_even_when_the_provider_is_away(visit, settings, world):
    visit.identify(world.identity_url())
    cache.clear()
    settings.FRANCECONNECT_ISSUER = "http://localhost:9"
    assert visit.client.post("/deconnexion/").status_code == 302
    assert not signed_in(visit.client)


def test_A04_without_settings_there_is_no_button_and_no_door(client, world):
    assert "fr-connect" not in client.get(world.identity_url()).text
    assert client.post("/franceconnect/connexion/").status_code == 404
    assert client.get("/franceconnect/retour/").status_code == 404
