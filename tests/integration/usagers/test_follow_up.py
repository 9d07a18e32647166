"""RDV de suivi: somebody who is signed in books with their référents, and with nobody else."""

from __future__ import annotations

from datetime import time

import pytest
from django.urls import reverse

from planning.models import Rdv
from tests.factories import AgentFactory, PlageOuvertureFactory, RdvFactory, UsagerFactory
from tests.integration.usagers.journey import NINE, NOW, build_world
from usagers.models import Rattachement, Referent

pytestmark = pytest.mark.django_db
SPACE = "/mes-rdv/"


@pytest.fixture
def world(db):
    """A motif de suivi: its référent's morning, and another agent's afternoon."""
    world = build_world(is_follow_up=True, name="Suivi social", max_persons=2)
    agent = world.plage.agent
    agent.first_name, agent.last_name = "Camille", "Durand"
    agent.save()
    PlageOuvertureFactory(
        lieu=world.lieu, motifs=[world.motif], start_time=time(14), end_time=time(17)
    )
    return world


@pytest.fixture
def lea(world, client):
    """Léa, signed in, whom Camille DURAND follows."""
    lea = UsagerFactory(
        territoire=world.organisation.territoire,
        with_account=True,
        first_name="Léa",
        last_name="Martin",
    )
    Rattachement.objects.create(usager=lea, organisation=world.organisation)
    Referent.objects.create(usager=lea, agent=world.plage.agent)
    client.force_login(lea.account)
    return lea


def root(world):
    slug = world.organisation.territoire.slug
    return reverse("usagers:booking_territoire", args=[slug]) + "?suivi=1"


def step(world, name, **params):
    slug = world.organisation.territoire.slug
    known = {
        "suivi": "1",
        "service": "social",
        "motif": "suivi-social-sur_place",
        "personnes": "1",
        "lieu": str(world.lieu.uuid),
        **params,
    }
    query = "&".join(f"{key}={value}" for key, value in known.items())
    return reverse(f"usagers:booking_{name}", kwargs={"territoire_slug": slug}) + f"?{query}"


def test_38_from_the_space_to_the_rdv_with_the_referent_only(client, world, lea):
    page = client.get(SPACE)
    assert "C. DURAND" in page.text
    assert f'href="{root(world)}"' in page.text
    page = client.get(root(world), follow=True)
    assert page.text.count("rdv-choice__title") == 1
    assert "Suivi social" in page.text
    week = client.get(step(world, "slot"))
    times = [at.strftime("%H:%M") for _day, slots in week.context["days"] for at, *_ in slots]
    assert times[0] == "09:00"
    assert times[-1] < "12:00"  # nothing of the other agent's afternoon
    assert "C. DURAND" in week.text
    recap = client.get(step(world, "identity", creneau="2027-01-11T08:00Z"))
    assert "Ce rendez-vous est avec C. DURAND, qui vous suit." in recap.text
    for page in (week, recap):
        assert "motif" not in page.text.split("<main")[1].split("</main")[0].replace("motif=", "")
    done = client.post(
        step(world, "identity", creneau="2027-01-11T08:00Z"), {"who": "self"}, follow=True
    )
    rdv = Rdv.objects.get()
    assert rdv.agents.get() == world.plage.agent
    assert "C. DURAND, " in done.text
    # Not theirs to have, whatever the address says.
    other = client.get(step(world, "identity", creneau="2027-01-11T13:00Z"))
    assert other.status_code == 409


def test_38_a_proche_comes_with_the_referent_of_the_responsable(client, world, lea):
    proche = UsagerFactory(territoire=lea.territoire, responsable=lea, first_name="Tom")
    client.post(
        step(world, "identity", creneau="2027-01-11T08:30Z"),
        {"who": str(proche.uuid)},
    )
    rdv = Rdv.objects.get()
    assert rdv.participations.get().usager == proche
    assert rdv.agents.get() == world.plage.agent


def test_A03_a_rdv_de_suivi_asks_to_sign_in_and_is_never_public(client, world, lea):
    client.logout()
    for name in ("motif", "persons", "lieu", "workshop", "slot", "identity"):
        page = client.get(step(world, name))
        assert page.status_code == 302, name
        assert page.url.startswith("/connexion/usager/") or "next=" in page.url
        assert "suivi%3D1" in page.url
    assert "next=" in client.get(root(world)).url
    for name in ("prescripteur", "waiting"):
        assert client.get(step(world, name)).status_code in {302, 404}
    address = step(world, "slot").replace("suivi=1&", "")
    assert client.get(address).status_code == 404
    assert "Suivi social" not in client.get(root(world).split("?")[0], follow=True).text
    client.force_login(world.plage.agent.account)
    assert client.get(root(world)).status_code == 404


def test_38_the_referent_without_creneau_is_told_with_whom_to_call(client, world, lea):
    world.organisation.phone_number = "+33321000000"
    world.organisation.save()
    world.plage.delete()
    page = client.get(root(world), follow=True)
    assert "L’agent qui vous suit, C. DURAND, n’a pas de créneau en ligne." in page.text
    assert "tel:+33321000000" in page.text
    assert "suivi=1" not in page.text.split("<main")[1]  # another agent: the ordinary journey
    Rdv.objects.all().delete()
    PlageOuvertureFactory(  # too short for anybody to come
        lieu=world.lieu, motifs=[world.motif], agent=world.plage.agent, end_time=time(9, 10)
    )
    page = client.get(step(world, "slot"))
    assert "Aucun créneau de suivi pour le moment" in page.text
    assert world.organisation.name in page.text


@pytest.mark.parametrize("end", ["removed", "deactivated"])
def test_38_a_referent_who_is_no_more_is_said_plainly(client, world, lea, end):
    address = step(world, "identity", creneau="2027-01-11T08:00Z")
    client.get(address)
    if end == "removed":
        Referent.objects.all().delete()
    else:
        world.plage.agent.deactivated_at = NOW
        world.plage.agent.save()
    page = client.post(address, {"who": "self"})
    assert page.status_code == 404
    assert "Aucun agent ne vous suit pour le moment" in page.text
    said = "C. DURAND, qui vous suivait, ne reçoit plus de rendez-vous." in page.text
    assert said == (end == "deactivated")
    assert not Rdv.objects.exists()
    space = client.get(SPACE).text
    assert root(world) not in space
    assert ("ne reçoit plus de rendez-vous" in space) == (end == "deactivated")


def test_A08_the_space_and_the_journey_take_few_statements(
    client, world, lea, django_assert_max_num_queries
):
    for _ in range(4):
        agent = AgentFactory(organisations=[world.organisation])
        Referent.objects.create(usager=lea, agent=agent)
    with django_assert_max_num_queries(14):
        client.get(SPACE)
    with django_assert_max_num_queries(45):
        client.get(step(world, "slot"))


def test_38_who_the_recap_names_is_who_receives(client, world, lea):
    """The first registered référent is free again between the recap and its button."""
    alex = AgentFactory(organisations=[world.organisation], first_name="Alex", last_name="Petit")
    Referent.objects.create(usager=lea, agent=alex)
    PlageOuvertureFactory(lieu=world.lieu, motifs=[world.motif], agent=alex)
    taken = RdvFactory(
        motif=world.motif, lieu=world.lieu, agents=[world.plage.agent], starts_at=NINE
    )
    address = step(world, "identity", creneau="2027-01-11T08:00Z")
    assert "avec A. PETIT, qui vous suit" in client.get(address).text
    taken.delete()
    done = client.post(address, {"who": "self"}, follow=True)
    assert Rdv.objects.get().agents.get() == alex
    assert "A. PETIT, " in done.text
