"""F01: « Usagers », search in any spelling, in the organisation only, bounded."""

from __future__ import annotations

import pytest

from agents.models import AuditEntry
from tests.integration.usagers.fiches import person, stranger, url
from usagers.models import Referent

pytestmark = pytest.mark.django_db


def names(answer):
    return [row.full_name for row in answer.context["page"]]


@pytest.fixture
def agent(cast, client):
    cast.sign_in(client, "owner")
    return client


def test_F01_nobody_is_listed_before_a_search_and_everybody_is_found(agent, cast):
    munoz = person(cast, first_name="Éléonore", last_name="Muñoz", phone_number="+590690001234")
    person(cast, first_name="Munoza", last_name="Abel", email="elo@exemple.fr")
    child = person(cast, first_name="Tom", last_name="Petit", responsable=munoz)
    stranger(cast, first_name="Inès", last_name="Munoz")
    page = agent.get(url("usagers:usager_list", cast))
    assert names(page) == []
    assert "la liste entière ne s’affiche pas" in page.text
    finds = {
        "munoz": ["Éléonore MUÑOZ", "Munoza ABEL"],  # a last name first
        "MUÑ élé": ["Éléonore MUÑOZ"],
        "0690 00 12": ["Éléonore MUÑOZ", "Tom PETIT"],  # as dialled in Guadeloupe; a proche too
        "+590 690 00 12 34": ["Éléonore MUÑOZ", "Tom PETIT"],
        "elo@ex": ["Munoza ABEL"],
        "m": [],
        "personne": [],
    }
    for typed, found in finds.items():
        answer = agent.post(url("usagers:usager_list", cast), {"q": typed})
        assert names(answer) == found, typed
        assert typed not in answer.request["QUERY_STRING"]
    fragment = agent.post(
        url("usagers:usager_list", cast), {"q": "munoz"}, headers={"HX-Request": "true"}
    )
    assert "<html" not in fragment.text
    assert url("usagers:usager_detail", cast, munoz) in fragment.text
    Referent.objects.create(usager=munoz, agent=cast.owner)
    mine = agent.get(url("usagers:usager_list", cast), {"referent": str(cast.owner.uuid)})
    assert names(mine) == ["Éléonore MUÑOZ", child.full_name]
    # A référent that the agent does not see is as if none was asked for.
    assert (
        names(agent.get(url("usagers:usager_list", cast), {"referent": str(cast.stranger.uuid)}))
        == []
    )


def test_F01_pages_are_bounded(agent, cast, django_assert_max_num_queries):
    for number in range(25):
        person(cast, first_name=f"Léa{number:02d}", last_name="Zola", responsable=cast.usager)
    with django_assert_max_num_queries(18):
        first = agent.post(url("usagers:usager_list", cast), {"q": "zola"})
    assert len(names(first)) == 20
    second = agent.post(url("usagers:usager_list", cast), {"q": "zola", "page": "2"})
    assert names(second) == [f"Léa{number:02d} ZOLA" for number in range(20, 25)]


def test_decision_12_the_admin_of_the_territoire_sees_all_of_it_and_leaves_a_trace(cast, client):
    elsewhere = stranger(cast, last_name="Zola")
    cast.sign_in(client, "territoire_admin")
    found = client.post(url("usagers:usager_list", cast), {"q": "zola"})
    assert names(found) == [elsewhere.full_name]
    assert "Connu d’une autre organisation" in found.text
    page = client.get(url("usagers:usager_detail", cast, elsewhere))
    assert "Votre consultation est tracée" in page.text
    traces = AuditEntry.objects.filter(agent=cast.territoire_admin)
    assert set(traces.values_list("action", flat=True)) == {"usagers_searched", "usager_seen"}
