"""A04: what FranceConnect may answer amiss: a page with a way on, nothing written."""

from __future__ import annotations

import re
from datetime import timedelta

import jwt
import pytest
import time_machine

from rdv.accounts.models import Account
from tests.integration.usagers.journey import NOW
from tests.oidc.provider import ANGELA
from tests.oidc.visit import nobody, signed_in

pytestmark = pytest.mark.django_db
EMAIL = ANGELA["email"]


def forged(provider, name, **changes):
    """Make the provider's `name` say something else, truly signed."""

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


def test_A04_a_tampered_signature_is_refused(visit, provider, caplog):
    provider.lies["userinfo"] = tampered
    page = visit.identify("/mes-rdv/")
    assert page.status_code == 403
    assert "n’est pas valable" in page.text
    assert nobody()
    assert not signed_in(visit.client)
    assert "forged" in caplog.text
    assert EMAIL not in caplog.text
    assert "DUBOIS" not in caplog.text


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("id_token", {"nonce": "x" * 43}),
        ("userinfo", {"sub": "somebody-else"}),
    ],
)
def test_A04_a_true_signature_on_a_false_claim_is_refused(visit, provider, name, changes):
    forged(provider, name, **changes)
    assert visit.identify("/mes-rdv/").status_code == 403
    assert nobody()


@pytest.mark.parametrize("where", ["token", "jwks"])
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
