"""A08: « Mes rendez-vous » of somebody who is signed in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from notifications.models import OutboxMessage
from planning.rules.status import EXCUSED
from tests.factories import AgentFactory, RdvFactory, UsagerFactory
from tests.integration.usagers.journey import NINE

pytestmark = pytest.mark.django_db


@pytest.fixture
def lea(world):
    return UsagerFactory(
        territoire=world.organisation.territoire,
        organisations=[world.organisation],
        with_account=True,
        first_name="Léa",
        last_name="Martin",
    )


def rdv_of(world, *usagers, starts_at=NINE):
    agent = AgentFactory(organisations=[world.organisation])
    return RdvFactory(
        motif=world.motif, lieu=world.lieu, agents=[agent], usagers=usagers, starts_at=starts_at
    )


def url(name, rdv):
    return reverse(f"usagers:{name}", args=[rdv.uuid])


def test_44_coming_and_past_rdvs_of_the_family(client, world, lea):
    child = UsagerFactory(territoire=lea.territoire, responsable=lea, first_name="Zoé")
    rdv_of(world, lea, starts_at=NINE - timedelta(days=30))
    rdv_of(world, child)
    rdv_of(world, UsagerFactory(territoire=lea.territoire), starts_at=NINE + timedelta(hours=5))
    client.force_login(lea.account)
    page = client.get(reverse("usagers:rdv_list"))
    coming, past = page.text.split("Passés")
    assert "Lundi 11 janvier 2027 à 9 h" in coming
    assert "Samedi 12 décembre 2026 à 9 h" in past
    assert page.text.count("rdv-choice__title") == 2


def test_A08_nobody_learns_who_else_comes(client, world, lea):
    other = UsagerFactory(territoire=lea.territoire, last_name="Secret")
    rdv = rdv_of(world, lea, other)
    client.force_login(lea.account)
    page = client.get(url("rdv_detail", rdv))
    assert "Léa MARTIN" in page.text
    assert "SECRET" not in page.text


@pytest.mark.parametrize("name", ["rdv_detail", "booking_done", "rdv_cancel", "rdv_ics"])
def test_43_the_rdv_of_another_is_not_found(client, world, lea, name):
    rdv = rdv_of(world, UsagerFactory(territoire=lea.territoire))
    client.force_login(lea.account)
    assert client.get(url(name, rdv)).status_code == 404


def test_A08_signed_out_one_is_told_how_to_come_back(client, world, lea):
    page = client.get(url("rdv_detail", rdv_of(world, lea)), follow=True)
    assert "Chaque message de confirmation" in page.text


def test_A08_the_calendar_can_be_downloaded(client, world, lea):
    rdv = rdv_of(world, lea)
    client.force_login(lea.account)
    page = client.get(url("rdv_ics", rdv))
    assert "METHOD:PUBLISH" in page.text
    assert str(rdv.uuid) in page.text
    assert "attachment" in page["Content-Disposition"]


def test_A08_cancelling_names_the_rdv_then_tells_everyone(client, world, lea):
    rdv = rdv_of(world, lea)
    client.force_login(lea.account)
    page = client.get(url("rdv_cancel", rdv))
    assert "Annuler le rendez-vous de 9 h" in page.text
    assert "sera prévenu" in page.text
    rdv.refresh_from_db()
    assert not rdv.is_cancelled
    page = client.post(url("rdv_cancel", rdv), follow=True)
    assert "Votre rendez-vous est annulé." in page.text
    rdv.refresh_from_db()
    assert rdv.status == EXCUSED
    kinds = set(OutboxMessage.objects.filter(rdv=rdv).values_list("kind", flat=True))
    assert kinds == {"rdv_cancelled", "rdv_cancelled_agent"}
    assert "METHOD:CANCEL" in client.get(url("rdv_ics", rdv)).text


def test_02_too_late_says_whom_to_call(client, world, lea, clock):
    rdv = rdv_of(world, lea)
    clock.move_to(NINE - timedelta(hours=3))
    client.force_login(lea.account)
    assert "Annuler ce rendez-vous" not in client.get(url("rdv_detail", rdv)).text
    page = client.post(url("rdv_cancel", rdv))
    assert page.status_code == 422
    assert "Pour l’annuler, contactez le service" in page.text
    assert "03 21 00 00 00" in page.text


def test_23_a_shared_rdv_goes_on_for_the_others(client, world, lea):
    other = UsagerFactory(territoire=lea.territoire)
    rdv = rdv_of(world, lea, other)
    client.force_login(lea.account)
    client.post(url("rdv_cancel", rdv))
    rdv.refresh_from_db()
    assert not rdv.is_cancelled
    assert "Annulé" in client.get(url("rdv_detail", rdv)).text


def test_home_finds_territoires_by_name_without_accents(client, world):
    territoire = world.organisation.territoire
    territoire.name = "Drôme"
    territoire.departement_number = "26"
    territoire.save()
    for typed, found in (("drome", True), ("26", True), ("", True), ("Zzz", False)):
        page = client.get("/", {"q": typed})
        assert (">Drôme (26)<" in page.text) is found


def test_A08_the_room_of_a_video_call_until_it_is_over(client, world, lea, settings):
    settings.VISIO_URL = "https://visio.exemple.fr"
    world.motif.location_type = "visio"
    world.motif.save()
    rdv = rdv_of(world, lea)
    rdv.lieu = None
    rdv.save()
    room = f"https://visio.exemple.fr/RdvServicePublic{rdv.uuid.hex}"
    client.force_login(lea.account)
    assert room in client.get(url("rdv_detail", rdv)).text
    calendar = client.get(url("rdv_ics", rdv)).content.decode().replace("\r\n ", "")
    assert room in calendar
    rdv.starts_at, rdv.ends_at = NINE - timedelta(days=90), NINE - timedelta(days=89)
    rdv.save()
    assert room not in client.get(url("rdv_detail", rdv)).text
