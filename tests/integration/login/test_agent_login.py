"""G08, decision 34: who may sign in as an agent, and for how long."""

from __future__ import annotations

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


def test_G08_a_deactivated_agent_is_nobody(client, cast, rf):
    client.force_login(cast.owner.account)
    cast.owner.deactivated_at = NOW
    cast.owner.save()
    response = client.get(reverse("planning:agenda", args=[cast.organisation.uuid]))
    assert response.status_code == 404


def test_G08_five_failures_close_the_door_even_to_the_right_password(client, cast):
    for _ in range(5):
        sign_in(client, cast.owner.email, "wrong")
    response = sign_in(client, cast.owner.email)
    assert response.status_code == 422
    assert "Trop de tentatives" in response.content.decode()


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
