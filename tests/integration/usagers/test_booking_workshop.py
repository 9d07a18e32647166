"""E07, B03: workshops joined online, by whom may, while seats are left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from planning.models import Participation, SlotHold
from tests.factories import (
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    RdvFactory,
    UsagerFactory,
)
from tests.integration.usagers.journey import IDENTITY, link_of

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2027, 1, 12, 13, 0, tzinfo=UTC)


class Workshops:
    def __init__(self, **motif):
        self.organisation = OrganisationFactory()
        fields = {"name": "Atelier budget", "is_collective": True, **motif}
        self.motif = MotifFactory(organisation=self.organisation, **fields)
        self.lieu = LieuFactory(organisation=self.organisation)

    def add(self, **fields):
        values = {"motif": self.motif, "lieu": self.lieu, "starts_at": TUESDAY, "seats_total": 2}
        return RdvFactory(**{**values, **fields})

    def url(self, step, **params):
        known = {"service": "social", "motif": "atelier-budget-collectif", **params}
        query = "&".join(f"{name}={value}" for name, value in known.items())
        return reverse(f"usagers:booking_{step}", args=[self.organisation.slug]) + f"?{query}"

    def fill(self, rdv, count):
        for _ in range(count):
            usager = UsagerFactory(territoire=self.organisation.territoire)
            Participation.objects.create(
                rdv=rdv, usager=usager, created_by_usager=usager, created_at=TUESDAY
            )


@pytest.fixture
def workshops(db):
    return Workshops()


def test_E07_a_citizen_joins_a_workshop_by_mail(client, workshops):
    rdv = workshops.add(title="Gérer son budget")
    full = workshops.add(starts_at=TUESDAY + timedelta(days=1))
    workshops.fill(rdv, 1)
    workshops.fill(full, 2)
    workshops.add(starts_at=TUESDAY + timedelta(days=200))  # beyond the maximum delay
    workshops.add(starts_at=TUESDAY + timedelta(days=2), status="revoked")
    root = reverse("usagers:booking_organisation", args=[workshops.organisation.slug])
    page = client.get(root, follow=True)
    assert "Atelier budget" in page.text
    assert "En groupe" in page.text
    page = client.get(workshops.url("lieu"), follow=True)
    dates = reverse("usagers:booking_workshop", args=[workshops.organisation.slug])
    assert page.redirect_chain[-1][0].startswith(dates)
    assert page.text.count("rdv-choice__title") == 2
    assert "Gérer son budget" in page.text
    assert "Il reste 1 place" in page.text
    assert "Complet" in page.text
    address = workshops.url("identity", atelier=rdv.uuid)
    assert f"atelier={rdv.uuid}" in page.text
    assert client.post(address, IDENTITY).status_code == 302
    assert not SlotHold.objects.exists()  # seats are not held
    page = Client().get(link_of())
    assert "Atelier budget" in page.text
    page = Client().post(link_of(), follow=True)
    assert "Votre rendez-vous est confirmé" in page.text
    names = [row.usager.full_name for row in rdv.participations.all()]
    assert "Léa MARTIN" in names
    # Nobody learns who else comes.
    assert not any(name in page.text for name in names if name != "Léa MARTIN")
    page = client.get(address)
    assert page.status_code == 409
    assert "Aucun rendez-vous n’est enregistré" in page.text


def test_E07_the_last_seat_taken_meanwhile_is_said(client, workshops):
    rdv, later = workshops.add(), workshops.add(starts_at=TUESDAY + timedelta(days=1))
    usager = UsagerFactory(territoire=workshops.organisation.territoire, with_account=True)
    client.force_login(usager.account)
    address = workshops.url("identity", atelier=rdv.uuid)
    assert "Confirmer l’inscription" in client.get(address).text
    client.post(workshops.url("identity", atelier=later.uuid), {"who": "self"})
    assert later.participations.get().usager == usager
    page = client.post(workshops.url("identity", atelier=later.uuid), {"who": "self"}, follow=True)
    assert "Vous avez déjà ce rendez-vous" in page.text
    visitor = Client()
    visitor.post(address, IDENTITY)
    workshops.fill(rdv, 2)
    page = client.post(address, {"who": "self"})
    assert page.status_code == 409
    page = Client().post(link_of())
    assert page.status_code == 422
    assert "Il ne reste plus de place." in page.text
    assert rdv.participations.count() == 2


def test_A03_a_workshop_is_read_before_and_offered_only_when_it_may_be(client):
    workshops = Workshops(restriction="Réservé aux habitants.")
    rdv = workshops.add()
    address = workshops.url("identity", atelier=rdv.uuid)
    page = client.get(address)
    assert "Réservé aux habitants." in page.text
    assert 'name="atelier"' in page.text
    assert "Écrivez vos informations" in client.get(f"{address}&accepte=1").text
    foreign = Workshops()
    other = foreign.add()
    assert client.get(workshops.url("identity", atelier=other.uuid)).status_code == 409
    assert client.get(workshops.url("identity", atelier="rien")).status_code == 409
    type(workshops.motif).objects.update(booking_level="agents")
    page = client.get(workshops.url("workshop"))
    assert page.status_code == 404


def test_A09_no_workshop_left_gives_who_to_call(client, workshops):
    workshops.fill(workshops.add(), 2)
    page = client.get(workshops.url("workshop"))
    assert "Il n’y a plus de place" in page.text
    assert 'href="tel:+33321000000"' in page.text


def test_A02_as_many_statements_for_2_workshops_as_for_20(
    client, workshops, django_assert_max_num_queries
):
    counts = []
    for number in (2, 18):
        for _ in range(number):
            workshops.fill(workshops.add(), 1)
        with django_assert_max_num_queries(5) as captured:
            client.get(workshops.url("workshop"))
        counts.append(len(captured))
    assert counts[0] == counts[1]
