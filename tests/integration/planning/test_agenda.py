"""E01, E09, E13: the agenda's page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories.planning import MONDAY

WEEK = {"vue": "semaine", "date": MONDAY.isoformat()}
SECRET_MOTIF, SECRET_NAME = "Violences conjugales", "Introuvable"


def agenda_url(cast, agent):
    return reverse("planning:agenda_of", args=[cast.organisation.uuid, agent.uuid])


@pytest.fixture
def page(client, cast):
    """Return the text of the owner's agenda, read by somebody of the cast."""

    def get(who="owner", agent=None, **params):
        cast.sign_in(client, who)
        response = client.get(agenda_url(cast, agent or cast.owner), WEEK | params)
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    return get


def test_E01_own_agenda_opens_on_this_week(client, cast):
    client.force_login(cast.owner.account)
    response = client.get(reverse("planning:agenda", args=[cast.organisation.uuid]))
    assert response.status_code == 200
    assert "Votre agenda" in response.content.decode()


def test_E01_the_week_lists_rdvs_by_day_with_usager_motif_lieu_and_status(page, cast):
    text = page()
    assert "Lundi 11 janvier 2027" in text
    assert "10 h – 10 h 30" in text
    assert cast.usager.full_name in text
    assert cast.motif.name in text
    assert cast.lieu.name in text
    assert reverse("planning:rdv_detail", args=[cast.rdv.uuid]) in text
