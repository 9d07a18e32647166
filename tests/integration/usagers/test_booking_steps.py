"""A02, A03: the steps are addresses that anybody may share, reload, or get wrong."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.urls import reverse

from tests.factories import (
    AgentFactory,
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    PlageOuvertureFactory,
    RdvFactory,
    service,
)
from tests.factories.planning import MONDAY
from tests.integration.usagers.journey import HALF_PAST_NINE, NINE, NOW, build_world

pytestmark = pytest.mark.django_db


def test_A02_several_services_are_a_choice(client, world):
    pmi = MotifFactory(organisation=world.organisation, service=service("pmi"), name="Pesée")
    PlageOuvertureFactory(lieu=world.lieu, motifs=[pmi])
    page = client.get(reverse("usagers:booking_organisation", args=[world.organisation.slug]))
    assert "Protection maternelle et infantile" in page.text
    page = client.get(world.url("motif", service="pmi", motif="", lieu=""))
    assert "Pesée" in page.text
    assert "Premier accueil" not in page.text


def test_A03_only_what_is_open_covered_and_alive_is_offered(client, world):
    organisation, lieu = world.organisation, world.lieu
    hidden = {
        "Réservé aux agents": {"booking_level": "agents"},
        "Réservé aux prescripteurs": {"booking_level": "prescripteurs"},
        "Archivé": {"archived_at": NOW},
        "Atelier": {"is_collective": True},
        "Suivi": {"is_follow_up": True},
        "Invisible": {"visibility": "invisible"},
    }
    rows = [MotifFactory(organisation=organisation, name=n, **f) for n, f in hidden.items()]
    PlageOuvertureFactory(lieu=lieu, motifs=rows)
    MotifFactory(organisation=organisation, name="Sans plage")
    over = MotifFactory(organisation=organisation, name="Plage finie")
    PlageOuvertureFactory(lieu=lieu, motifs=[over], first_day=MONDAY - timedelta(days=14))
    closed = LieuFactory(organisation=organisation, availability="closed")
    shut = MotifFactory(organisation=organisation, name="Lieu fermé")
    PlageOuvertureFactory(lieu=closed, motifs=[shut])
    page = client.get(world.url("motif", motif="", lieu=""))
    assert page.text.count("rdv-choice__title") == 1
    assert "Premier accueil" in page.text


def test_A02_the_journey_names_lieux_by_their_next_availability(client, world):
    later = LieuFactory(organisation=world.organisation, name="Plus tard")
    sooner = LieuFactory(organisation=world.organisation, name="Plus tôt")
    full = LieuFactory(organisation=world.organisation, name="Complet")
    PlageOuvertureFactory(lieu=later, motifs=[world.motif], first_day=MONDAY + timedelta(days=3))
    PlageOuvertureFactory(lieu=sooner, motifs=[world.motif], first_day=MONDAY - timedelta(days=3))
    PlageOuvertureFactory(lieu=full, motifs=[world.motif], end_time=time(9, 10))
    page = client.get(world.url("lieu"))
    places = ("Plus tôt", world.lieu.name, "Plus tard")
    positions = [page.text.index(f">{name}<") for name in places]
    positions.append(page.text.index("Complet pour le moment"))
    assert positions == sorted(positions)
    assert "vendredi 8 janvier 2027 à 9 h" in page.text


def test_A02_one_lieu_is_not_a_question(client, world):
    page = client.get(world.url("lieu", lieu=""))
    assert page.status_code == 302
    assert str(world.lieu.uuid) in page.url


def test_23_one_entry_for_the_motif_of_two_organisations(client):
    here = build_world(name="Bilan d' accès aux droits")
    there = OrganisationFactory(territoire=here.organisation.territoire)
    motif = MotifFactory(organisation=there, name="bilan d'acces aux droits")
    lieu = LieuFactory(organisation=there, name="Antenne voisine")
    PlageOuvertureFactory(lieu=lieu, motifs=[motif])
    slug = here.organisation.territoire.slug
    page = client.get(reverse("usagers:booking_territoire", args=[slug]), follow=True)
    assert page.text.count("rdv-choice__title") == 1
    address = reverse("usagers:booking_lieu", kwargs={"territoire_slug": slug})
    page = client.get(f"{address}?service=social&motif=bilan-d-acces-aux-droits-sur_place")
    assert here.lieu.name in page.text
    assert "Antenne voisine" in page.text
    assert there.name in page.text


def test_27_a_phone_rdv_asks_for_the_structure_soonest_first(client):
    phone = {"name": "Appel", "location_type": "telephone"}
    first = build_world(**phone)
    territoire = first.organisation.territoire
    for days, name in ((7, "Die"), (-3, "Nyons")):
        site = OrganisationFactory(territoire=territoire, name=name)
        motif = MotifFactory(organisation=site, **phone)
        PlageOuvertureFactory(
            lieu=None, organisation=site, motifs=[motif], first_day=MONDAY + timedelta(days=days)
        )
    address = reverse("usagers:booking_lieu", kwargs={"territoire_slug": territoire.slug})
    page = client.get(f"{address}?service=social&motif=appel-telephone")
    assert page.text.index("Nyons") < page.text.index(first.organisation.name)
    assert page.text.index(first.organisation.name) < page.text.index("Die")


def test_A02_week_by_week_and_the_way_out_of_an_empty_week(client, world):
    PlageOuvertureFactory(
        lieu=world.lieu, motifs=[world.motif], first_day=MONDAY + timedelta(days=28)
    )
    page = client.get(world.url("slot"))
    assert "Du lundi 11 janvier 2027 au dimanche 17 janvier 2027" in page.text
    assert "date=2027-01-18" in page.text
    assert "date=2027-01-04" in page.text
    page = client.get(world.url("slot", date="2027-01-18"))
    assert "Aucun créneau cette semaine" in page.text
    assert "lundi 8 février 2027 à 9 h" in page.text
    assert "date=2027-02-08" in page.text


@pytest.mark.parametrize("date", ["demain", "2027-02-30", "0001-01-01", "9999-12-31", "2020-01-01"])
def test_A02_a_date_that_makes_no_sense_is_forgiven(client, world, date):
    page = client.get(world.url("slot", date=date))
    assert page.status_code == 200
    assert "Choix du créneau" in page.text


def test_24_two_agents_free_at_nine_make_one_button(client, world):
    PlageOuvertureFactory(lieu=world.lieu, motifs=[world.motif])
    page = client.get(world.url("slot"))
    assert page.text.count("2027-01-11T08%3A00Z") == 1


def test_A03_the_restriction_is_accepted_first_even_on_a_direct_link(client):
    world = build_world(restriction="Réservé aux habitants.\nVenez seul.")
    for step in ("slot", "identity"):
        page = client.get(world.url(step, creneau="2027-01-11T08:00Z"), follow=True)
        assert "Réservé aux habitants." in page.text
        assert "09%3A00" not in page.text
    page = client.get(world.url("slot", lu="1"))
    assert page.status_code == 422
    assert "Cochez la case pour continuer." in page.text
    page = client.get(world.url("slot", lu="1", accepte="1"))
    assert "2027-01-11T08%3A00Z" in page.text
    assert "accepte=1" in page.text


def test_28_the_restriction_of_a_phone_rdv_is_read_too(client):
    world = build_world(name="Appel", location_type="telephone", restriction="À lire")
    address = world.url("slot", motif="appel-telephone", lieu="")
    assert "À lire avant de choisir" in client.get(address).text


@pytest.mark.parametrize(
    ("step", "params"),
    [
        ("motif", {"service": "inconnu"}),
        ("lieu", {"motif": "inconnu"}),
        ("slot", {"lieu": "pas-un-uuid"}),
        ("slot", {"lieu": "7d1f9be2-0000-4000-8000-000000000000"}),
        ("identity", {"motif": "inconnu", "creneau": "2027-01-11T08:00Z"}),
    ],
)
def test_A03_an_old_link_says_so_and_leads_back(client, world, step, params):
    page = client.get(world.url(step, **params))
    assert page.status_code == 404
    assert "Ce rendez-vous ne se prend plus ici" in page.text
    assert "03 21 00 00 00" in page.text


def test_A03_the_lieu_of_another_organisation_is_unknown_here(client, world):
    foreign = build_world(name="Ailleurs")
    assert client.get(world.url("slot", lieu=str(foreign.lieu.uuid))).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "usagers:booking_organisation",
        "usagers:booking_territoire",
        "usagers:booking_slot",
        "usagers:booking_identity",
    ],
)
def test_A01_an_unknown_address_is_not_found(client, db, name):
    page = client.get(reverse(name, args=["nulle-part"]))
    assert page.status_code == 404
    assert "Page introuvable" in page.text


def test_A01_an_archived_organisation_is_not_found(client, world):
    world.organisation.archived_at = NOW
    world.organisation.save()
    page = client.get(reverse("usagers:booking_organisation", args=[world.organisation.slug]))
    assert page.status_code == 404


@pytest.mark.parametrize(
    "creneau", ["", "hier", "2027-01-11T08:00", "0001-01-01T00:00Z", "9999-12-31T23:59Z"]
)
def test_A02_an_unreadable_creneau_goes_back_to_the_list(client, world, creneau):
    page = client.get(world.identity_url(creneau))
    assert page.status_code == 302
    assert "/creneaux/" in page.url


@pytest.mark.parametrize(
    "creneau",
    [
        "2027-01-11T07:30Z",  # before the opening
        "2027-01-11T11:00Z",  # after it
        "2027-01-03T08:00Z",  # past
        "2027-01-04T08:10Z",  # within the minimum delay
    ],
)
def test_A06_a_tampered_start_offers_others(client, world, creneau):
    page = client.get(world.identity_url(creneau))
    assert page.status_code == 409
    assert "Ce créneau n’est plus libre" in page.text


def test_A06_a_taken_start_offers_three_here_and_three_elsewhere(client, world):
    other = LieuFactory(organisation=world.organisation, name="Antenne voisine")
    PlageOuvertureFactory(lieu=other, motifs=[world.motif], start_time=time(10))
    RdvFactory(motif=world.motif, lieu=world.lieu, agents=[world.plage.agent], starts_at=NINE)
    page = client.get(world.identity_url())
    assert page.status_code == 409
    for hour in ("9 h 30", "10 h", "10 h 30"):
        assert f"Choisir le lundi 11 janvier 2027 à {hour}<" in " ".join(page.text.split()).replace(
            " <", "<"
        )
    assert page.text.count("Antenne voisine,") == 3
    assert HALF_PAST_NINE.strftime("%Y-%m-%dT%H") + "%3A30Z" in page.text


def test_A09_nothing_free_gives_who_to_call(client, world):
    RdvFactory(
        motif=world.motif,
        lieu=world.lieu,
        agents=[world.plage.agent],
        starts_at=NINE,
        ends_at=NINE + timedelta(hours=3),
    )
    page = client.get(world.url("slot"))
    assert page.status_code == 200
    assert "Aucun créneau en ligne" in page.text
    assert 'href="tel:+33321000000"' in page.text


def test_G12_the_territoire_answers_for_an_organisation_without_phone(client):
    organisation = OrganisationFactory(phone_number="", email="")
    organisation.territoire.phone_number = "+33321999999"
    organisation.territoire.save()
    page = client.get(reverse("usagers:booking_organisation", args=[organisation.slug]))
    assert page.status_code == 200
    assert "03 21 99 99 99" in page.text
    assert organisation.territoire.name in page.text


def test_G12_a_page_of_the_journey_names_the_nearest_who_can_be_called(client, world):
    places = (world.lieu, world.organisation, world.organisation.territoire)
    numbers = ("03 21 00 00 01", "03 21 00 00 02", "03 21 00 00 03")
    for place, number in zip(places, numbers, strict=True):
        place.phone_number = number
        place.save()
    for place, number in zip(places, numbers, strict=True):
        page = client.get(world.url("slot"))
        assert [shown for shown in numbers if shown in page.text] == [number]
        place.phone_number = ""
        place.save()


def test_A02_no_page_says_motif(client, world):
    for address in (
        world.url("motif", motif="", lieu=""),
        world.url("slot"),
        world.identity_url(),
        world.url("lieu", motif="inconnu"),
    ):
        page = client.get(address)
        shown = page.text.replace("motif=", "").replace(world.motif.name, "")
        assert "motif" not in shown.split("<body>")[1].lower()


def _with_lieux(count):
    world = build_world()
    for _ in range(count - 1):
        lieu = LieuFactory(organisation=world.organisation)
        agent = AgentFactory(organisations=[world.organisation])
        PlageOuvertureFactory(lieu=lieu, agent=agent, motifs=[world.motif])
    return world


@pytest.mark.parametrize(
    ("step", "most"), [("search", 3), ("motif", 3), ("lieu", 9), ("slot", 14), ("identity", 9)]
)
def test_A02_as_many_statements_for_2_lieux_as_for_20(
    client, django_assert_max_num_queries, step, most
):
    counts = []
    for lieux in (2, 20):
        world = _with_lieux(lieux)
        address = (
            reverse("usagers:booking_organisation", args=[world.organisation.slug])
            if step == "search"
            else world.url(
                step, creneau="2027-01-11T08:00Z", **({"lieu": ""} if step == "lieu" else {})
            )
        )
        with django_assert_max_num_queries(most) as captured:
            client.get(address)
        counts.append(len(captured))
    assert counts[0] == counts[1]
