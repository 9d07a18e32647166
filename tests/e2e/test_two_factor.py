"""G08 in a real Chromium: an application set up, then asked for; a passkey that opens alone."""

from __future__ import annotations

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse

from tests.factories.agents import PASSWORD

OVERVIEW = "/mon-compte/double-authentification/"
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"
VIRTUAL = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def code_of(secret, later=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def confirm(page):
    page.get_by_label("Mot de passe actuel").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()


def test_G08_an_application_then_a_sign_in_with_its_code(open_page, cast, check_axe):
    page = open_page(OVERVIEW, account=cast.owner.account, width=375)

    def look():
        check_axe(page)
        assert not page.evaluate(TOO_WIDE), page.url

    look()
    page.get_by_role("link", name="Ajouter une application").click()
    confirm(page)
    look()
    secret = page.locator("#totp-secret").inner_text()
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Activer").click()
    assert page.locator(".rdv-codes li").count() == 10
    look()
    page.goto(reverse("account_devices"))
    look()
    page.locator(".rdv-account summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.goto(reverse("account_login"))
    look()
    page.get_by_label("Adresse e-mail").fill(cast.owner.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Double authentification").wait_for()
    look()
    # The next code: the one that set the application up has served.
    page.get_by_label("Code").fill(code_of(secret, later=1))
    page.get_by_role("button", name="Valider le code").click()
    page.wait_for_url(f"**/{cast.organisation.uuid}/agenda/**")


def test_G08_a_passkey_opens_without_password(open_page, cast, check_axe):
    page = open_page(OVERVIEW, account=cast.owner.account)
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    key = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL})["authenticatorId"]
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    confirm(page)
    check_axe(page)
    page.get_by_role("button", name="Ajouter cette clé").click()
    page.wait_for_url("**/codes/")
    page.goto(OVERVIEW)
    assert "SANS MOT DE PASSE" in page.inner_text(".rdv-device").upper()
    page.context.clear_cookies()
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.wait_for_url(f"**/{cast.organisation.uuid}/agenda/**")
    # Another key, or a person who walks away: said in words, nothing in the console.
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.context.clear_cookies()
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.get_by_text("La clé d’accès n’a pas répondu").wait_for()
    cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
