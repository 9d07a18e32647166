"""G05: the way into « Espace admin », and its first page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories import AgentFactory, OrganisationFactory, TerritoireFactory

pytestmark = pytest.mark.django_db


def test_G05_the_page_counts_its_own_territoire_only(client, django_assert_max_num_queries):
    territoire = TerritoireFactory(name="Haute-Rive")
    mairie = OrganisationFactory(territoire=territoire)
    OrganisationFactory(territoire=territoire, archived_at="2026-01-01T00:00:00Z")
    AgentFactory(organisations=[mairie])
    AgentFactory(organisations=[OrganisationFactory()])
    client.force_login(AgentFactory(territoire_admin=territoire).account)
    page = client.get(reverse("agents:organisation_list"))
    address = reverse("agents:territoire_home", args=[territoire.uuid])
    assert address in page.text
    with django_assert_max_num_queries(12):
        page = client.get(address)
    assert "<strong>1</strong> organisation<" in page.text
    assert "<strong>1</strong> agent<" in page.text
    assert "Espace admin – Haute-Rive" in page.text


def test_G05_only_who_holds_a_right_on_the_territoire_finds_the_way(client):
    mairie = OrganisationFactory()
    admin = AgentFactory(organisations=[mairie], organisations__level="admin")
    address = reverse("agents:territoire_home", args=[mairie.territoire.uuid])
    client.force_login(admin.account)
    assert address not in client.get(reverse("agents:organisation_list")).text
    assert client.get(address).status_code == 404
