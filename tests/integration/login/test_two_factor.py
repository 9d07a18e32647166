"""G08: the second factor of agents, their devices, and the territoire that requires it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from agents.models import AuditEntry
from notifications.models import OutboxMessage
from rdv.accounts.models import AccountSession
from rdv.accounts.second_factor import has_second_factor, reseal_factors
from rdv.common.encryption import Secret, key_from
from tests.factories.agents import PASSWORD

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
OVERVIEW = "/mon-compte/double-authentification/"
WRONG = "Ce code n’est pas le bon"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client():
    """Not the quick one: the first page of a session is where it is noted."""
    return Client()


def code_of(secret, at=None):
    moment = int((at or datetime.now(UTC)).timestamp())
    return format_hotp_value(hotp_value(secret, moment // 30))


def confirm(client, url):
    """Open a page that asks who one is, and answer by the password."""
    asked = client.get(url)
    assertRedirects(asked, f"/mon-compte/confirmer/?next={url}", fetch_redirect_response=False)
    assertRedirects(client.post(asked.url, {"password": PASSWORD, "next": url}), url)


def set_up(client):
    """Add an application as the pages lead; return its secret."""
    url = reverse("mfa_activate_totp")
    confirm(client, url)
    page = client.get(url)
    secret = page.context["form"].secret
    assertContains(page, secret)
    assertContains(page, "data:image/svg+xml;base64,")
    assert client.post(url, {"code": "000000"}).status_code == 422
    assertRedirects(client.post(url, {"code": code_of(secret)}), reverse("mfa_view_recovery_codes"))
    return secret


def told(agent):
    """Return the first sentence of the mails about the ways in, the oldest first."""
    rows = list(OutboxMessage.objects.filter(kind="security_agent"))
    assert {row.recipient for row in rows} <= {agent.email}
    return [row.body.split("\n")[2] for row in rows]


def sign_in(client, agent):
    return client.post(
        reverse("account_login"), {"login": agent.email, "password": PASSWORD}, follow=True
    )


def test_G08_from_the_set_up_to_the_next_sign_in(client, cast, clock):
    agent = cast.owner
    client.force_login(agent.account)
    assertContains(client.get(OVERVIEW), "Pas encore activée")
    secret = set_up(client)
    page = client.get(reverse("mfa_view_recovery_codes"))
    codes = page.context["unused_codes"]
    assert len(codes) == 10
    assertContains(client.get(reverse("mfa_download_recovery_codes")), codes[3])
    assertContains(client.get(OVERVIEW), "Activée")
    mail = OutboxMessage.objects.get(kind="security_agent")
    assert not any(word in mail.body + mail.html for word in (secret, *codes))
    # Sealed at rest, and still readable once the keys have turned.
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    client.post("/deconnexion/")
    clock.shift(timedelta(minutes=2))
    page = sign_in(client, agent)
    assertContains(page, "Valider le code")
    # The password alone opens nothing.
    assert client.get(reverse("agents:profile")).status_code == 302
    step = reverse("mfa_authenticate")
    wrong = client.post(step, {"code": "123456"})
    assertContains(wrong, WRONG, status_code=422)
    answer = client.post(step, {"code": code_of(secret)})
    assertRedirects(answer, reverse("agents:home"), fetch_redirect_response=False)
    # The same code is over, for as long as the clock would take it.
    client.post("/deconnexion/")
    sign_in(client, agent)
    clock.shift(timedelta(seconds=31))
    last = code_of(secret, datetime.now(UTC) - timedelta(seconds=31))
    assertContains(client.post(step, {"code": last}), WRONG, status_code=422)
    # A recovery code serves, once.
    assert client.post(step, {"code": codes[0]}).status_code == 302
    client.post("/deconnexion/")
    sign_in(client, agent)
    assertContains(client.post(step, {"code": codes[0]}), WRONG, status_code=422)
    # « Revenir à la connexion » leaves the second step.
    client.post("/deconnexion/", {"next": reverse("account_login")})
    assert client.get(step).url == reverse("account_login")


def test_G08_five_wrong_codes_close_the_second_door_for_15_minutes(client, cast, clock):
    client.force_login(cast.owner.account)
    secret = set_up(client)
    client.post("/deconnexion/")
    clock.shift(timedelta(minutes=2))
    sign_in(client, cast.owner)
    step = reverse("mfa_authenticate")
    for _ in range(5):
        client.post(step, {"code": "000000"})
    closed = client.post(step, {"code": code_of(secret)})
    assertContains(closed, "Trop de tentatives", status_code=422)
    clock.shift(timedelta(minutes=14))
    sign_in(client, cast.owner)
    assert client.post(step, {"code": code_of(secret)}).status_code == 422
    clock.shift(timedelta(minutes=1, seconds=1))
    assert client.post(step, {"code": code_of(secret)}).status_code == 302


def test_G08_a_factor_changes_only_after_who_asks_is_proven_again(client, cast, clock):
    client.force_login(cast.owner.account)
    secret = set_up(client)
    clock.shift(timedelta(minutes=30))
    remove = reverse("mfa_deactivate_totp")
    asked = client.get(remove)
    assert asked.url.startswith("/mon-compte/confirmer/")
    page = client.get(asked.url)
    assertContains(page, "Avec un code de mon application")
    assertContains(client.post(asked.url, {"password": "faux"}), "id_password", status_code=422)
    by_code = f"{reverse('mfa_reauthenticate')}?next={remove}"
    assertRedirects(client.post(by_code, {"code": code_of(secret)}), remove)
    old = set(client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"])
    client.post(reverse("mfa_generate_recovery_codes"))
    new = set(client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"])
    assert not old & new
    assertRedirects(client.post(remove), OVERVIEW)
    assert not Authenticator.objects.exists()  # the recovery codes went with it
    assert [words[:40] for words in told(cast.owner)] == [
        "Une application d’authentification a été",
        "De nouveaux codes de secours ont été cré",
        "L’application d’authentification a été r",
    ]


def test_G08_the_first_factor_ends_the_sessions_opened_without_it(client, cast, clock):
    other = type(client)()
    for browser in (client, other):
        browser.force_login(cast.owner.account)
        browser.get(reverse("agents:profile"))
    set_up(client)
    assert other.get(reverse("agents:profile")).status_code == 302
    assert client.get(reverse("agents:profile")).status_code == 200


def test_G08_the_keys_of_the_secrets_turn(client, cast, settings):
    client.force_login(cast.owner.account)
    secret = set_up(client)
    settings.FIELD_ENCRYPTION_KEYS = [key_from("new"), key_from(settings.SECRET_KEY)]
    assert reseal_factors() == (2, 0)
    settings.FIELD_ENCRYPTION_KEYS = [key_from("new")]
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert Secret(kept).reveal() == secret
    settings.FIELD_ENCRYPTION_KEYS = [key_from("lost")]
    assert reseal_factors() == (0, 2)


def test_G08_somebody_who_lost_everything_starts_again(client, cast):
    client.force_login(cast.owner.account)
    set_up(client)
    call_command("forget_second_factor", f" {cast.owner.email.upper()} ", stdout=StringIO())
    assert not Authenticator.objects.exists()
    assert "a été effacée" in told(cast.owner)[-1]
    assert client.get(reverse("agents:profile")).status_code == 302
    with pytest.raises(CommandError, match="No agent"):
        call_command("forget_second_factor", cast.usager.account.email)


def test_G08_a_passkey_answer_that_is_not_one_is_refused(client, cast):
    client.force_login(cast.owner.account)
    url = reverse("mfa_add_webauthn")
    confirm(client, url)
    for typed in ("", "{}", '{"id": "x", "response": {}}', "<b>é</b>", "[" * 20_000, "9" * 5_000):
        answer = client.post(url, {"name": "Clé", "credential": typed})
        assert answer.status_code == 422
        assertContains(answer, 'value="Clé"', status_code=422)
    client.post("/deconnexion/")
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": '{"id": "x"}'}, follow=True)
    assertContains(answer, WRONG)
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": "9" * 5_000}, follow=True)
    assertContains(answer, WRONG)
    options = client.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    assert options.json()["request_options"]["publicKey"]["userVerification"] == "required"


def require(cast, *, is_required=True):
    cast.territoire.requires_two_factor = is_required
    cast.territoire.save()


def test_G08_an_admin_of_a_territoire_that_requires_it_sets_it_up_first(client, cast):
    require(cast)
    client.force_login(cast.territoire_admin.account)
    home = reverse("agents:territoire_home", args=[cast.territoire.uuid])
    for url in (home, reverse("agents:profile"), reverse("account_devices")):
        assertRedirects(client.get(url), OVERVIEW, fetch_redirect_response=False)
    assertRedirects(client.post(reverse("agents:profile"), {}), OVERVIEW)
    assertContains(client.get(OVERVIEW), "Obligatoire pour continuer")
    set_up(client)
    assert client.get(home).status_code == 200
    # It cannot be taken away again, and nothing is told of what was refused.
    before = told(cast.territoire_admin)
    remove = client.get(reverse("mfa_deactivate_totp"))
    assertContains(remove, "ajoutez un autre moyen")
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 422
    assert has_second_factor(cast.territoire_admin.account_id)
    assert told(cast.territoire_admin) == before
    assert client.post("/deconnexion/").status_code == 302
    # Nobody else is asked.
    client.force_login(cast.admin.account)
    assert client.get(reverse("agents:profile")).status_code == 200


def test_G08_the_rule_is_switched_on_by_somebody_who_has_two_factors(client, cast):
    url = reverse("agents:territoire_security", args=[cast.territoire.uuid])
    client.force_login(cast.territoire_admin.account)
    assertContains(client.get(url), cast.territoire_admin.full_name)
    refused = client.post(url, {"requires_two_factor": "on"})
    assertContains(refused, "pour votre propre compte", status_code=422)
    set_up(client)
    assertContains(client.get(url), "tous l’ont activée")
    assertRedirects(client.post(url, {"requires_two_factor": "on"}), url)
    cast.territoire.refresh_from_db()
    assert cast.territoire.requires_two_factor
    entry = AuditEntry.objects.get(action="territoire_security_edited")
    assert (entry.territoire, entry.agent) == (cast.territoire, cast.territoire_admin)
    assert entry.detail == {"requires_two_factor": True}
    client.post(url, {})
    cast.territoire.refresh_from_db()
    assert not cast.territoire.requires_two_factor


def test_G08_devices_are_listed_and_ended_from_elsewhere(client, cast, clock):
    phone, desk, stranger = type(client)(), type(client)(), type(client)()
    agents = {
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1": phone,
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": desk,
        "<script>alert(1)</script>" + "é" * 400: client,
    }
    for user_agent, browser in agents.items():
        browser.defaults["HTTP_USER_AGENT"] = user_agent
        browser.force_login(cast.owner.account)
        browser.get(reverse("agents:profile"))
        clock.shift(timedelta(minutes=5))
    stranger.force_login(cast.admin.account)
    stranger.get(reverse("agents:profile"))
    url = reverse("account_devices")
    page = client.get(url)
    for shown in ("Safari sur iPhone", "Firefox sur Linux", "Appareil inconnu"):
        assertContains(page, f"<strong>{shown}</strong>", count=1)
    assertContains(page, "Cet appareil", count=1)
    assertContains(page, "lundi 11 janvier 2027 à\u00a010\u00a0h\u00a010")
    assertNotContains(page, "<script>alert")
    of_phone = AccountSession.objects.get(user_agent__contains="iPhone")
    end = reverse("account_device_end", args=[of_phone.uuid])
    assert stranger.post(end).status_code == 404
    assertRedirects(client.post(end), url)
    assert phone.get(reverse("agents:profile")).status_code == 302
    assert desk.get(reverse("agents:profile")).status_code == 200
    client.post(reverse("account_devices_end_others"))
    assert desk.get(reverse("agents:profile")).status_code == 302
    assert client.get(url).status_code == 200
    assert stranger.get(url).status_code == 200
    # What a sign-out ends is off the list too.
    client.post("/deconnexion/")
    assert not AccountSession.objects.filter(account=cast.owner.account).exists()


def test_G08_the_list_of_devices_has_a_bounded_number_of_queries(
    client, cast, django_assert_max_num_queries
):
    for _ in range(5):
        other = type(client)()
        other.force_login(cast.owner.account)
        other.get(reverse("agents:profile"))
    client.force_login(cast.owner.account)
    client.get(reverse("account_devices"))
    with django_assert_max_num_queries(9):
        assert len(client.get(reverse("account_devices")).context["lines"]) == 6


def test_G08_a_new_password_ends_the_other_sessions(client, cast):
    other = type(client)()
    for browser in (client, other):
        browser.force_login(cast.owner.account)
        browser.get(reverse("agents:profile"))
    new = "Nouv3au!secret-long"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post(reverse("account_change_password"), data)
    assert client.get(reverse("agents:profile")).status_code == 200
    assert other.get(reverse("agents:profile")).status_code == 302
    assert AccountSession.objects.filter(account=cast.owner.account).count() == 1
    # So does one chosen by the link of a mail.
    account = cast.owner.account
    account.refresh_from_db()
    key = default_token_generator.make_token(account)
    args = [user_pk_to_url_str(account), key]
    page = other.get(reverse("account_reset_password_from_key", args=args), follow=True)
    newer = "Encor3!un-autre-secret"
    other.post(page.redirect_chain[-1][0], {"password1": newer, "password2": newer})
    assert client.get(reverse("agents:profile")).status_code == 302
    assert not AccountSession.objects.filter(account=account).exists()


@pytest.mark.parametrize("by", ["deactivated_at", "is_active"])
def test_G08_44_the_session_of_a_closed_account_is_cut_with_a_word(client, cast, by):
    client.force_login(cast.owner.account)
    client.get(reverse("agents:profile"))
    if by == "is_active":
        cast.owner.account.is_active = False
        cast.owner.account.save()
    else:
        cast.owner.deactivated_at = NOW
        cast.owner.save()
    page = client.get(reverse("planning:agenda", args=[cast.organisation.uuid]), follow=True)
    assert page.redirect_chain[0][0].startswith(reverse("account_login"))
    assertContains(page, "compte n’est plus actif")
    assert not Session.objects.filter(account_session__account=cast.owner.account).exists()
    page = sign_in(client, cast.owner)
    assert "_auth_user_id" not in client.session
    assert re.search("n’est plus actif|ne correspondent pas", page.content.decode())
