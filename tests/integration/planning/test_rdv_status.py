"""E06, E12: the buttons of the page of a RDV, and the page that names who will be told."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from motifs.models import LocationType
from notifications.models import OutboxMessage
from planning.models import Participation, Rdv, RdvEvent
from tests.factories import MotifFactory, RdvFactory, UsagerFactory
from tests.factories.planning import NOW

DETAIL = "planning:rdv_detail"


def text_of(response):
    return " ".join(response.content.decode().split())


def main_of(response):
    return text_of(response).split("<main")[1].split("</main")[0]


@pytest.fixture
def url(cast):
    return reverse("planning:rdv_status", args=[cast.rdv.uuid])


@pytest.fixture
def detail(cast):
    return reverse(DETAIL, args=[cast.rdv.uuid])


@pytest.fixture
def begun(cast, client):
    client.force_login(cast.owner.account)
    with time_machine.travel(cast.rdv.starts_at + timedelta(minutes=5), tick=False):
        client.force_login(cast.owner.account)
        yield


@pytest.fixture
def before(cast, client):
    with time_machine.travel(NOW, tick=False):
        client.force_login(cast.owner.account)
        yield


def add(cast):
    return Participation.objects.create(
        rdv=cast.rdv,
        usager=UsagerFactory(territoire=cast.territoire),
        created_by_agent=cast.owner,
        created_at=NOW,
    )


def test_E06_honored_in_one_click(client, cast, url, detail, begun):
    page = text_of(client.get(detail))
    assert 'name="status" value="seen"' in page
    response = client.post(url, {"status": "seen"})
    assert response.headers["Location"] == detail
    assert Rdv.objects.get().status == "seen"
    after = text_of(client.get(detail))
    assert "Statut enregistré : honoré." in after
    assert "Statut : À venir ou à renseigner → Honoré" in after
    # Alone in the RDV, the person's status is the RDV's: said once.
    assert f"{cast.usager.full_name} : Inscrit" not in after
    assert 'value="noshow"' not in after
    assert "Effacer le statut" in after


def test_E06_back_to_where_the_button_stood(client, url, begun):
    response = client.post(url, {"status": "seen", "next": "/agents/profil/"})
    assert response.headers["Location"] == "/agents/profil/"


def test_G08_never_to_another_site(client, url, detail, begun):
    response = client.post(url, {"status": "seen", "next": "https://example.org/"})
    assert response.headers["Location"] == detail


@pytest.mark.parametrize("status", ["seen", "noshow", "unknown", "nonsense", ""])
def test_E06_anything_else_is_a_422_with_its_reason(client, cast, url, before, status):
    response = client.post(url, {"status": status})
    assert response.status_code == 422
    assert "Rien n’a changé" in text_of(response)
    assert Rdv.objects.get().status == "unknown"
    assert not RdvEvent.objects.exists()


def test_E06_cancelling_a_rdv_to_come_asks_first(client, cast, url, detail, before):
    response = client.post(url, {"status": "excused"})
    assert response.status_code == 200
    page = text_of(response)
    assert "Annuler ce RDV ?" in page
    assert f"{cast.usager.full_name}, par e-mail et par SMS" in page
    assert "Deviendra : Annulé à l’initiative de l’usager" in page
    assert Rdv.objects.get().status == "unknown"
    client.post(url, {"status": "excused", "confirmed": "on", "keeps_silent": "on"})
    assert Rdv.objects.get().status == "excused"
    assert not OutboxMessage.objects.exists()


def test_E12_restoring_names_who_comes_back_and_who_does_not(client, cast, url, before):
    gone = add(cast)
    participations = Participation.objects.filter(pk=gone.pk)
    participations.update(status="excused", cancelled_at=NOW - timedelta(days=1))
    Participation.objects.exclude(pk=gone.pk).update(status="revoked", cancelled_at=NOW)
    Rdv.objects.update(status="revoked", cancelled_at=NOW)
    page = text_of(client.post(url, {"status": "unknown"}))
    assert f"{cast.usager.full_name}, par e-mail et par SMS" in page
    assert f"Restent annulés, parce qu’ils l’étaient déjà avant : {gone.usager.full_name}." in page
    client.post(url, {"status": "unknown", "confirmed": "on"})
    assert Rdv.objects.get().status == "unknown"
    gone.refresh_from_db()
    assert gone.status == "excused"


def test_E12_taken_time_is_named_then_accepted_on_purpose(client, cast, url, before):
    Rdv.objects.update(status="revoked", cancelled_at=NOW)
    Participation.objects.update(status="revoked", cancelled_at=NOW)
    RdvFactory(
        motif=cast.motif, lieu=cast.lieu, agents=[cast.owner], usagers=[cast.other_usager],
        starts_at=cast.rdv.starts_at,
    )  # fmt: skip
    refused = client.post(url, {"status": "unknown", "confirmed": "on"})
    assert refused.status_code == 422
    page = main_of(refused)
    assert f"{cast.owner.full_name} a déjà un RDV lundi 11 janvier 2027" in page
    assert cast.other_usager.full_name in page
    assert 'name="accepts_overlap"' in page
    assert Rdv.objects.get(pk=cast.rdv.pk).status == "revoked"
    client.post(url, {"status": "unknown", "confirmed": "on", "accepts_overlap": "on"})
    assert Rdv.objects.get(pk=cast.rdv.pk).status == "unknown"


@pytest.mark.parametrize("who", ["other_service", "elsewhere", "stranger", "usager"])
def test_decision_14_who_may_not_know_the_rdv_finds_nothing(client, cast, url, who):
    cast.sign_in(client, who)
    assert client.post(url, {"status": "seen"}).status_code == 404


def test_E06_a_get_changes_nothing(client, url, before):
    assert client.get(url).status_code == 405


# One person


def person_url(row):
    return reverse("planning:participation_status", args=[row.uuid])


def test_E06_one_person_has_no_menu_of_their_own(client, cast, detail, begun):
    assert "participations/" + str(cast.rdv.participations.get().uuid) + "/statut/" not in text_of(
        client.get(detail)
    )


def test_E06_each_person_their_status(client, cast, detail, begun):
    row = add(cast)
    page = text_of(client.get(detail))
    assert person_url(row) in page
    response = client.post(person_url(row), {"status": "noshow"})
    assert response.headers["Location"] == detail
    row.refresh_from_db()
    assert row.status == "noshow"
    after = text_of(client.get(detail))
    assert f"{row.usager.full_name} : Inscrit → Absent" in after
    assert f"{row.usager.full_name} : absent." in after


def test_E06_excusing_somebody_to_come_asks_first(client, cast, before):
    row = add(cast)
    page = text_of(client.post(person_url(row), {"status": "excused"}))
    assert f"Annuler la participation de {row.usager.full_name} ?" in page
    row.refresh_from_db()
    assert row.status == "unknown"
    client.post(person_url(row), {"status": "excused", "confirmed": "on"})
    row.refresh_from_db()
    assert row.status == "excused"
    page = text_of(client.post(person_url(row), {"status": "unknown"}))
    assert f"Réinscrire {row.usager.full_name} ?" in page


@pytest.mark.parametrize("status", ["revoked", "nonsense", "seen"])
def test_E06_a_person_s_status_that_cannot_be_is_a_422(client, cast, before, status):
    row = add(cast)
    response = client.post(person_url(row), {"status": status, "confirmed": "on"})
    assert response.status_code == 422
    row.refresh_from_db()
    assert row.status == "unknown"


# « Arrivé »


def test_decision_35_arrived_in_one_click_and_taken_back(client, cast, detail, begun):
    row = cast.rdv.participations.get()
    url = reverse("planning:participation_arrival", args=[row.uuid])
    assert url in text_of(client.get(detail))
    client.post(url, {"here": "1"})
    row.refresh_from_db()
    assert row.arrived_at == timezone.now()
    page = text_of(client.get(detail))
    assert "Arrivé(e) à 10 h 05" in page
    assert f"{cast.usager.full_name}, arrivée : rien → lundi 11 janvier 2027 à 10 h 05" in page
    client.post(url, {"here": ""})
    row.refresh_from_db()
    assert row.arrived_at is None


def test_decision_35_not_on_another_day(client, cast, detail, before):
    url = reverse("planning:participation_arrival", args=[cast.rdv.participations.get().uuid])
    assert url not in text_of(client.get(detail))
    assert client.post(url, {"here": "1"}).status_code == 422


# The page


def test_E06_only_what_is_possible_is_offered(client, cast, detail, before):
    page = main_of(client.get(detail))
    assert 'name="status"' not in page  # to come: cancelling has its page
    assert reverse("planning:rdv_cancel", args=[cast.rdv.uuid]) in page
    assert reverse("planning:rdv_remind", args=[cast.rdv.uuid]) in page
    assert reverse("planning:rdv_delete", args=[cast.rdv.uuid]) not in page
    client.force_login(cast.admin.account)
    assert reverse("planning:rdv_delete", args=[cast.rdv.uuid]) in text_of(client.get(detail))


def test_E06_duplicates_and_overlaps_are_flagged(client, cast, detail, before):
    again = RdvFactory(
        motif=cast.motif, lieu=cast.lieu, agents=[cast.same_service], usagers=[cast.usager],
        starts_at=cast.rdv.starts_at + timedelta(hours=2),
    )  # fmt: skip
    secret = RdvFactory(
        motif=MotifFactory(organisation=cast.elsewhere_organisation, service=cast.social),
        agents=[cast.owner], agents__overlap_accepted=True, usagers=[cast.other_usager],
        starts_at=cast.rdv.starts_at,
    )  # fmt: skip
    client.force_login(cast.same_service.account)
    page = main_of(client.get(detail))
    assert f"{cast.usager.full_name} a déjà un RDV pour ce motif ce jour-là, à 12 h." in page
    assert f"{cast.owner.full_name} est occupé de 10 h à 10 h 30." in page
    assert cast.other_usager.full_name not in page
    assert secret.motif.name not in page
    assert "indisponible à cette heure" in page
    Rdv.objects.filter(pk__in=[again.pk, secret.pk]).update(status="revoked", cancelled_at=NOW)
    cast.indisponibilite.delete()
    assert "À vérifier" not in text_of(client.get(detail))


@pytest.mark.parametrize(
    ("who", "sees"),
    [("owner", True), ("secretary", True), ("same_service", False), ("admin", False)],
)
def test_E06_the_video_call_is_opened_by_its_agents_and_the_secretariat(
    client, cast, settings, who, sees
):
    settings.VISIO_URL = "https://visio.exemple.fr/"
    rdv = RdvFactory(
        motif=MotifFactory(
            organisation=cast.organisation, service=cast.social, location_type=LocationType.VISIO
        ),
        agents=[cast.owner],
        usagers=[cast.usager],
        starts_at=cast.rdv.starts_at + timedelta(hours=3),
    )
    client.force_login(getattr(cast, who).account)
    page = text_of(client.get(reverse(DETAIL, args=[rdv.uuid])))
    room = f"https://visio.exemple.fr/RdvServicePublic{rdv.uuid.hex}"
    assert (room in page) == sees


def test_E06_hours_are_never_cut_at_the_end_of_a_line(client, cast, detail, before):
    Rdv.objects.update(starts_at=cast.rdv.starts_at - timedelta(minutes=15))
    page = client.get(detail).content.decode()
    assert "à\u00a09\u00a0h\u00a045" in page.split("<h1")[1].split("</h1>")[0]
