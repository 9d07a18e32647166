"""Where an agent lands after sign-in (issue 2, point 12)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from agents.models import Level, RoleOrganisation


def test_an_agent_of_one_organisation_lands_on_their_agenda(client, cast):
    client.force_login(cast.owner.account)
    response = client.get(reverse("agents:home"))
    assert response.url == reverse("planning:agenda", args=[cast.organisation.uuid])


@pytest.mark.parametrize("level", [Level.BASIQUE, Level.ADMIN])
def test_an_agent_of_two_organisations_chooses(client, cast, level):
    RoleOrganisation.objects.create(
        agent=cast.owner, organisation=cast.elsewhere_organisation, level=level
    )
    client.force_login(cast.owner.account)
    assert client.get(reverse("agents:home")).url == reverse("agents:organisation_list")
