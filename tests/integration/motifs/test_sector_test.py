"""G15: « Quels motifs pour cette adresse ? »."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.address_service import ARRAS, LILLE, running
from tests.factories import (
    AgentFactory,
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    PlageOuvertureFactory,
    SectorFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(settings):
    with running(settings) as played:
        cache.clear()
        yield played


def test_G15_an_address_tells_its_motifs_and_agents(client, service, django_assert_max_num_queries):
    organisation = OrganisationFactory()
    territoire = organisation.territoire
    whole = MotifFactory(organisation=organisation, sectorisation_level="organisation")
    by_agent = MotifFactory(organisation=organisation, sectorisation_level="agent")
    hidden = MotifFactory(organisation=organisation, name="Non attribué", booking_level="agents")
    plage = PlageOuvertureFactory(lieu=LieuFactory(organisation=organisation), motifs=[by_agent])
    SectorFactory(
        territoire=territoire,
        name="Arras nord",
        cities={"62041": "Arras"},
        organisations=[organisation],
        agents=[(plage.agent, organisation)],
    )
    client.force_login(AgentFactory(territoire_admin=territoire).account)
    page_url = reverse("motifs:sector_test", args=[territoire.uuid])
    service.finds(ARRAS)
    with django_assert_max_num_queries(20):
        page = client.post(page_url, {"address": "12 rue de la Paix"})
    assert "Arras nord" in page.text
    assert whole.name in page.text
    assert (
        f"{by_agent.name}, sur place – {organisation.name} ({plage.agent.full_name})" in page.text
    )
    assert hidden.name not in page.text
    service.finds(LILLE)
    page = client.post(page_url, {"address": "Lille"})
    assert "n’est dans aucun secteur" in page.text
    service.says(500, {})
    page = client.post(page_url, {"address": "<script>alert(1)</script>"})
    assert page.status_code == 422
    assert "<script>alert" not in page.text
