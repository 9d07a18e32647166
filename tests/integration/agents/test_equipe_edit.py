"""E04, decision 12: équipes through their pages."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from agents.models import AuditEntry, DroitTerritoire, Equipe
from agents.permissions import SystemActor
from agents.services.equipe_edit import (
    EquipeFields,
    EquipeRefused,
    create_equipe,
    update_equipe,
)
from tests.factories import AgentFactory, EquipeFactory
from tests.factories.planning import NOW


@pytest.fixture
def manager(client, cast):
    """Somebody who holds this right only, and no role in the organisation (decision 12)."""
    agent = AgentFactory()
    DroitTerritoire.objects.create(agent=agent, territoire=cast.territoire, manages_teams=True)
    client.force_login(agent.account)
    return agent


@pytest.fixture
def list_url(cast):
    return reverse("agents:equipe_list", args=[cast.territoire.uuid])


@pytest.fixture
def create_url(cast):
    return reverse("agents:equipe_create", args=[cast.territoire.uuid])


def test_E04_create_an_equipe_across_organisations(client, cast, manager, create_url, list_url):
    data = {"name": "Secteur nord", "agents": [cast.owner.uuid, cast.elsewhere.uuid]}
    assertRedirects(client.post(create_url, data), list_url)
    equipe = Equipe.objects.get(name="Secteur nord")
    assert equipe.territoire == cast.territoire
    assert set(equipe.agents.all()) == {cast.owner, cast.elsewhere}
    assertContains(client.get(list_url), cast.elsewhere.full_name)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"agents": []}, "agents"),
        ({"agents": ["owner", str(uuid.uuid4())]}, "agents"),
        ({"agents": ["stranger"]}, "agents"),
        ({"agents": ["' OR 1=1"]}, "agents"),
    ],
)
def test_E04_bad_input_keeps_what_was_typed(client, cast, manager, create_url, changes, field):
    data = {"name": "Secteur nord", "agents": ["owner"], **changes}
    data["agents"] = [str(getattr(getattr(cast, who, None), "uuid", who)) for who in data["agents"]]
    response = client.post(create_url, data)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assertContains(response, "fr-error-text" if field == "name" else "fr-message--error", None, 422)
    assert response.context["form"]["name"].value() == data["name"]


def test_E04_two_equipes_of_one_name_are_refused_by_name(client, cast, manager, create_url):
    EquipeFactory(territoire=cast.territoire, name="Nord")
    response = client.post(create_url, {"name": "Nord", "agents": [cast.owner.uuid]})
    assertContains(response, "porte déjà ce nom", status_code=422)


def test_E04_edit_and_delete(client, cast, manager, list_url):
    args = [cast.territoire.uuid, cast.equipe.uuid]
    page = client.get(reverse("agents:equipe_edit", args=args))
    assert page.context["form"]["agents"].value() == [str(cast.owner.uuid)]
    data = {"name": "Sud", "agents": [cast.secretary.uuid]}
    assertRedirects(client.post(reverse("agents:equipe_edit", args=args), data), list_url)
    assert list(Equipe.objects.get(name="Sud").agents.all()) == [cast.secretary]
    delete_url = reverse("agents:equipe_delete", args=args)
    assertContains(client.get(delete_url), "Sud")
    assertRedirects(client.post(delete_url), list_url)
    assert not Equipe.objects.filter(pk=cast.equipe.pk).exists()
    actions = AuditEntry.objects.filter(territoire=cast.territoire).order_by("pk")
    assert [entry.action for entry in actions] == ["equipe_changed", "equipe_deleted"]


def test_decision_12_an_equipe_of_another_territoire_is_not_there(client, cast, manager):
    theirs = EquipeFactory()
    url = reverse("agents:equipe_edit", args=[cast.territoire.uuid, theirs.uuid])
    assert client.get(url).status_code == 404


def test_decision_12_the_services_check_by_themselves(cast):
    fields = EquipeFields(name="Nord", agents=(cast.owner.uuid,))
    for actor in (cast.actor("admin"), SystemActor(), None):
        with pytest.raises(EquipeRefused):
            create_equipe(territoire=cast.territoire, fields=fields, actor=actor, now=NOW)
        with pytest.raises(EquipeRefused):
            update_equipe(equipe_id=cast.equipe.pk, fields=fields, actor=actor, now=NOW)


def test_E04_an_agent_who_left_is_not_shown(client, cast, manager, list_url):
    cast.owner.deactivated_at = NOW
    cast.owner.save(update_fields=["deactivated_at"])
    response = client.get(list_url)
    assertNotContains(response, cast.owner.full_name)
    assertContains(response, "Plus aucun agent actif")


def count_queries(client, url) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_E04_the_list_asks_as_much_for_many(client, cast, manager, list_url):
    client.get(list_url)  # the first request of a session writes it
    few = count_queries(client, list_url)
    for _ in range(8):
        EquipeFactory(territoire=cast.territoire).agents.add(cast.owner, cast.secretary)
    assert count_queries(client, list_url) == few
