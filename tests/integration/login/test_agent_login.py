"""G08, decision 34: who may sign in as an agent, and for how long."""

from __future__ import annotations

import importlib
import sys
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from agents.permissions import AgentActor, UsagerActor
from rdv.accounts.models import Account, Kind
from rdv.middleware import load_actor
from tests.factories.agents import PASSWORD

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)


def sign_in(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_G08_an_agent_signs_in_by_email_whatever_the_case(client, cast):
    response = sign_in(client, cast.owner.email.upper())
    assert (response.status_code, response.url) == (302, reverse("agents:home"))


def test_nothing_of_ours_is_printed_after_sign_in(client, cast):
    """The stored login is "agent:…": a detail of the house that nobody should read."""
    sign_in(client, cast.owner.email)
    page = client.get(reverse("planning:agenda", args=[cast.organisation.uuid]))
    assert "agent:" not in page.content.decode()


def test_G08_the_same_answer_for_a_wrong_password_and_an_unknown_address(client, cast):
    wrong = sign_in(client, cast.owner.email, "wrong")
    unknown = sign_in(client, "unknown@example.fr", "wrong")
    assert wrong.status_code == unknown.status_code == 422
    message = "L’adresse e-mail ou le mot de passe ne correspondent pas."
    assert message in wrong.content.decode()
    assert message in unknown.content.decode()


def test_G08_an_usager_with_the_same_address_and_password_never_enters(client, cast):
    Account.objects.create_account(kind=Kind.USAGER, email="both@example.fr", password=PASSWORD)
    assert sign_in(client, "both@example.fr").status_code == 422
    assert "_auth_user_id" not in client.session


def test_G08_a_deactivated_agent_is_nobody(cast, rf):
    cast.owner.deactivated_at = NOW
    cast.owner.save()
    request = rf.get("/")
    request.user = cast.owner.account
    assert load_actor(request) is None


@pytest.mark.parametrize("known", [True, False])
def test_G08_five_failures_close_the_door_for_15_minutes_known_or_not(client, cast, known):
    email = cast.owner.email if known else "unknown@example.fr"
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(5):
            assert "ne correspondent pas" in sign_in(client, email, "wrong").content.decode()
        for minutes in (0, 14):
            clock.shift(timedelta(minutes=minutes))
            closed = sign_in(client, email.upper())
            assert closed.status_code == 422
            assert "Trop de tentatives : attendez 15 minutes" in closed.content.decode()
        # Other accounts are not behind that door.
        assert sign_in(client, cast.admin.email).status_code == 302
        client.post(reverse("account_logout"))
        clock.shift(timedelta(minutes=1, seconds=1))
        assert sign_in(client, email).status_code == (302 if known else 422)
        assert ("_auth_user_id" in client.session) is known


def test_G08_an_address_of_the_network_has_its_own_limit(client, cast):
    with time_machine.travel(NOW, tick=False) as clock:
        for number in range(30):
            sign_in(client, f"agent{number}@nowhere.fr", "wrong")
            clock.shift(timedelta(seconds=3))
        assert "Trop de tentatives" in sign_in(client, cast.owner.email).content.decode()
        # A town hall elsewhere is not concerned.
        elsewhere = type(client)(REMOTE_ADDR="198.51.100.7")
        assert sign_in(elsewhere, cast.owner.email).status_code == 302
        clock.shift(timedelta(minutes=15, seconds=1))
        assert sign_in(client, cast.owner.email).status_code == 302


@pytest.fixture
def production(settings, monkeypatch):
    """The sessions of production, whose settings the tests do not load otherwise."""
    given = {"SECRET_KEY": "k" * 50, "ALLOWED_HOSTS": "testserver", "EMAIL_URL": "smtp://localhost"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("rdv.settings.base.SITE_URL", "https://testserver")
    monkeypatch.setattr("rdv.settings.base.FIELD_ENCRYPTION_KEYS", ["key"])
    loaded = vars(importlib.import_module("rdv.settings.prod"))
    for name in (name for name in loaded if name.startswith("SESSION_")):
        setattr(settings, name, loaded[name])
    yield settings
    del sys.modules["rdv.settings.prod"]


def test_decision34_in_production_an_agent_who_works_stays_7_days_and_no_more(
    client, cast, production
):
    """The cookie of the product that we replace was over after 8 hours, whatever was promised."""
    week = timedelta(days=7)
    with time_machine.travel(NOW, tick=False) as clock:
        client.post(
            reverse("account_login"),
            {"login": cast.owner.email, "password": PASSWORD},
            secure=True,
            follow=True,
        )
        elapsed = timedelta()
        step = timedelta(hours=7, minutes=59)
        while elapsed + step < week:
            clock.shift(step)
            elapsed += step
            assert client.get(reverse("agents:profile"), secure=True).status_code == 200
            cookie = client.cookies["sessionid"]
            assert cookie["secure"]
            assert cookie["httponly"]
            # Neither the cookie nor its row is over before the limits say so.
            assert timedelta(seconds=cookie["max-age"]) >= step
            assert client.session.get_expiry_date() >= datetime.now(UTC) + step
        clock.shift(week - elapsed + timedelta(seconds=1))
        assert client.get(reverse("agents:profile"), secure=True).status_code == 302


@pytest.mark.parametrize(("who", "actor"), [("owner", AgentActor), ("usager", UsagerActor)])
def test_G08_an_account_gives_the_actor_of_its_kind(cast, rf, who, actor):
    request = rf.get("/")
    request.user = getattr(cast, who).account
    assert isinstance(load_actor(request), actor)


@pytest.mark.parametrize(
    ("who", "away", "stays"),
    [
        ("owner", timedelta(hours=7, minutes=59), True),
        ("owner", timedelta(hours=8, minutes=1), False),
        ("usager", timedelta(minutes=29), True),
        ("usager", timedelta(minutes=31), False),
    ],
)
def test_decision34_an_idle_session_ends(client, cast, who, away, stays):
    with time_machine.travel(NOW, tick=False):
        client.force_login(getattr(cast, who).account)
        client.get(reverse("home"))
    with time_machine.travel(NOW + away, tick=False):
        client.get(reverse("home"))
    assert ("_auth_user_id" in client.session) is stays


def test_decision34_an_usager_session_ends_after_8_hours_in_all(client, cast):
    with time_machine.travel(NOW, tick=False) as clock:
        client.force_login(cast.usager.account)
        for _ in range(23):
            client.get(reverse("home"))
            clock.shift(timedelta(minutes=20))
        client.get(reverse("home"))
        assert "_auth_user_id" in client.session
        clock.shift(timedelta(minutes=21))
        client.get(reverse("home"))
        clock.shift(timedelta(minutes=20))
        client.get(reverse("home"))
    assert "_auth_user_id" not in client.session


def test_a_get_never_signs_out(client, cast):
    client.force_login(cast.owner.account)
    assert client.get(reverse("account_logout")).status_code == 405
    assert "_auth_user_id" in client.session
