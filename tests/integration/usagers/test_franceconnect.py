"""A04, decision 20: identification by FranceConnect, against a real provider on this machine."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from agents.models import AuditEntry
from notifications.models import OutboxMessage
from planning.models import Rdv
from rdv.accounts.models import Account
from tests.factories import AgentFactory, UsagerFactory
from tests.integration.usagers.journey import NINE, NOW, link_of, type_identity
from tests.oidc.provider import ANGELA, running
from tests.oidc.visit import SITE, Visit, link_of_mail
from usagers.models import Origin, PendingIdentity, Usager
from usagers.services.franceconnect_link import purge_pending_identities
from usagers.tasks import purge_pending_identities_task

pytestmark = pytest.mark.django_db
EMAIL = ANGELA["email"]
SPACE = "/mes-rdv/"


@pytest.fixture(scope="module")
def real_provider():
    with running(SITE) as provider:
        yield provider


@pytest.fixture
def provider(real_provider, settings):
    """The provider, and a site that knows it."""
    real_provider.reset()
    for name, value in real_provider.settings().items():
        setattr(settings, name, value)
    return real_provider


@pytest.fixture
def visit(provider):
    visit = Visit(Client())
    yield visit
    visit.close()


@pytest.fixture
def other_browser(provider):
    return Client()


def nobody():
    """Nothing was written: no account, no fiche, no identity that waits."""
    return not (
        Account.objects.filter(kind="usager").exists()
        or Usager.objects.exists()
        or SocialAccount.objects.exists()
        or PendingIdentity.objects.exists()
    )


def signed_in(client):
    return client.get(SPACE).status_code == 200


# The journey


def test_A04_from_the_creneau_to_the_rdv_without_any_mail(visit, world):
    page = visit.client.get(world.identity_url())
    assert 'class="fr-connect"' in page.text
    assert "Qu’est-ce que FranceConnect" in page.text
    leaving = visit.leave(world.identity_url())
    path, asked = visit.client, None
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
    assert path is visit.client and asked is None


def test_A04_what_is_asked_of_the_provider(visit, provider):
    from urllib.parse import parse_qs, urlsplit

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
    assert visit.identify(next_path)["Location"] == SPACE


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
    assert (theirs.first_name, theirs.last_name, theirs.birth_name) == ("Angela", "DUBOIS", "DUBOIS")


# The proof of an address


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
    assert "Angela" not in mail.body and "DUBOIS" not in mail.body
    link = link_of_mail()
    page = other_browser.get(link)  # opening it changes nothing
    assert "Angela Claire Louise" in page.text and "Est-ce bien vous" in page.text
    assert not SocialAccount.objects.exists()
    assert other_browser.post(link)["Location"] == world.identity_url()
    theirs.refresh_from_db()
    assert theirs.account is not None and theirs.account.email_is_proven
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
    visit.client.post("/franceconnect/adresse/", {"again": "1"})
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


def test_G08_the_address_of_an_agent_gives_no_agent_space(visit, world):
    agent = AgentFactory(organisations=[world.organisation], email=EMAIL)
    visit.client.force_login(agent.account)
    visit.identify(world.identity_url())
    assert signed_in(visit.client)
    assert visit.client.get(reverse("agents:home")).status_code == 403
    assert Account.objects.get(kind="usager").email == EMAIL


def test_A04_forgotten_identities_are_purged(visit, world):
    UsagerFactory(territoire=world.organisation.territoire, email=EMAIL)
    visit.identify(world.identity_url())
    purge_pending_identities_task()
    assert PendingIdentity.objects.exists()
    assert purge_pending_identities(now=NOW + timedelta(hours=60)) == 1


# What goes wrong


def forged(provider, name, **changes):
    """Make the provider's `name` say something else, truly signed."""
    import jwt

    def lie(token):
        claims = jwt.decode(token, options={"verify_signature": False})
        return provider.signed({**claims, **changes})

    provider.lies[name] = lie


def tampered(token):
    head, body, signature = token.split(".")
    return ".".join((head, body, signature[:-8] + "AAAAAAAA"))


def test_A04_a_refusal_comes_back_to_the_creneau(visit, provider, world):
    provider.refuses = True
    page = visit.identify(world.identity_url())
    assert page.status_code == 200
    assert "Vous avez annulé l’identification" in page.text
    assert world.identity_url().replace("&", "&amp;") in page.text
    assert nobody()


@pytest.mark.parametrize("name", ["id_token", "userinfo"])
def test_A04_a_tampered_signature_is_refused(visit, provider, caplog, name):
    provider.lies[name] = tampered
    page = visit.identify("/mes-rdv/")
    assert page.status_code == 403
    assert "n’est pas valable" in page.text
    assert nobody()
    assert not signed_in(visit.client)
    assert "forged" in caplog.text
    assert EMAIL not in caplog.text and "DUBOIS" not in caplog.text


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("id_token", {"nonce": "x" * 43}),
        ("id_token", {"acr": "eidas0"}),
        ("id_token", {"aud": "another-site"}),
        ("id_token", {"aud": ["rdv-test", "another-site"]}),
        ("userinfo", {"iss": "https://mechant.fr"}),
        ("userinfo", {"sub": "somebody-else"}),
        ("userinfo", {"exp": 1}),
    ],
)
def test_A04_a_true_signature_on_a_false_claim_is_refused(visit, provider, name, changes):
    forged(provider, name, **changes)
    assert visit.identify("/mes-rdv/").status_code == 403
    assert nobody()


def test_A04_plain_userinfo_is_refused(visit, provider):
    provider.lies["userinfo"] = lambda _token: '{"sub": "angela"}'
    assert visit.identify("/mes-rdv/").status_code == 403
    assert nobody()


@pytest.mark.parametrize("where", ["token", "userinfo", "jwks"])
def test_A04_a_provider_out_of_order(visit, provider, where):
    provider.broken = {where}
    page = visit.identify("/mes-rdv/")
    assert page.status_code == 503
    assert "FranceConnect ne répond pas" in page.text
    assert nobody()


def test_A04_a_provider_that_is_away_is_told_at_once(visit, settings):
    settings.FRANCECONNECT_ISSUER = "http://localhost:9"
    page = visit.leave("/mes-rdv/")
    assert page.status_code == 503
    assert "sans FranceConnect" in page.text


def test_A04_a_state_that_is_over_or_of_another_browser(visit, world, other_browser):
    back = visit.at_provider(visit.leave(world.identity_url())["Location"])
    page = other_browser.get(back)
    assert page.status_code == 400
    assert "Votre demande a expiré" in page.text
    with time_machine.travel(NOW + timedelta(minutes=11)):
        page = visit.client.get(back)
    assert page.status_code == 400
    assert world.identity_url().replace("&", "&amp;") in page.text  # a way on
    assert nobody()


def test_A04_an_answer_of_another_provider_is_refused(visit):
    back = visit.at_provider(visit.leave("/mes-rdv/")["Location"])
    import re

    mixed = re.sub(r"iss=[^&]+", "iss=https%3A%2F%2Fmechant.fr", back)
    assert visit.client.get(mixed).status_code == 403


def test_A04_without_name_no_fiche(visit, provider, world):
    del provider.people["angela"]["given_name"]
    page = visit.identify(world.identity_url())
    assert page.status_code == 422
    assert "Il manque votre nom ou votre prénom" in page.text
    assert nobody()


def test_A04_a_closed_account_stays_closed(visit, world):
    visit.identify(world.identity_url())
    Account.objects.update(is_active=False)
    page = visit.identify(world.identity_url())
    assert page.status_code == 403
    assert not signed_in(visit.client)


# The end


def test_A04_the_session_of_the_provider_ends_too(visit, provider, world):
    visit.identify(world.identity_url())
    page = visit.client.post("/deconnexion/")
    assert not signed_in(visit.client)
    from bs4 import BeautifulSoup

    url = BeautifulSoup(page.text, "html.parser").find("a", string=lambda t: t and "FranceConnect" in t)["href"]
    back = visit.at_provider(url)
    asked = next(fields for path, fields in provider.asked if path == "session/end")
    assert asked["id_token_hint"].count(".") == 2
    assert len(asked["state"]) >= 32
    page = visit.client.get(back, follow=True)
    assert "de FranceConnect aussi" in page.text


def test_A04_our_session_ends_even_when_the_provider_is_away(visit, settings, world):
    from django.core.cache import cache

    visit.identify(world.identity_url())
    cache.clear()
    settings.FRANCECONNECT_ISSUER = "http://localhost:9"
    assert visit.client.post("/deconnexion/").status_code == 302
    assert not signed_in(visit.client)


def test_A04_without_settings_there_is_no_button_and_no_door(client, world):
    assert "fr-connect" not in client.get(world.identity_url()).text
    assert client.post("/franceconnect/connexion/").status_code == 404
    assert client.get("/franceconnect/retour/").status_code == 404
