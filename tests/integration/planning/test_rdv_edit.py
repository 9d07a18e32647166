"""E06: the edit page keeps what was typed, warns once, and says who will be told."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motifs.models import Lieu
from notifications.models import OutboxMessage
from planning.models import AgentRdv, Participation, Rdv, RdvEvent
from tests.factories import LieuFactory, MotifFactory, RdvFactory, UsagerFactory
from tests.factories.planning import NOW


@pytest.fixture(autouse=True)
def _clock(cast, client):
    cast.indisponibilite.delete()  # it covers that Monday: a warning of its own
    with time_machine.travel(NOW, tick=False):
        client.force_login(cast.owner.account)
        yield


@pytest.fixture
def url(cast):
    return reverse("planning:rdv_edit", args=[cast.rdv.uuid])


def text_of(response):
    return " ".join(response.content.decode().split())


def filled(cast, **changes):
    """What the page holds when it opens."""
    row = cast.rdv.participations.first()
    data = {
        "day": "2027-01-11",
        "time": "10:00",
        "duration": "30",
        "agents": [cast.owner.pk],
        "lieu": cast.lieu.pk,
        "context": "",
        f"changes_{row.uuid}": "on",
        f"reminder_{row.uuid}": "on",
        "seen_version": "0",
        "warnings": "",
    }
    return {name: value for name, value in (data | changes).items() if value is not None}


def fingerprint(response):
    return response.context["fingerprint"]


def test_E06_the_page_shows_everything_but_the_motif(client, cast, url):
    page = text_of(client.get(url))
    assert 'value="2027-01-11"' in page
    assert 'value="10:00"' in page
    assert f"{cast.usager.full_name}, par e-mail et par SMS" in page
    assert 'name="motif"' not in page


def test_E06_saved_as_it_was_nothing_happens(client, cast, url):
    response = client.post(url, filled(cast))
    assert response.headers["Location"] == reverse("planning:rdv_detail", args=[cast.rdv.uuid])
    assert not RdvEvent.objects.exists()


def test_E06_moved_and_told(client, cast, url):
    first = client.post(url, filled(cast, day="2027-01-12", context="Apporter le dossier"))
    assert first.status_code == 302
    rdv = Rdv.objects.get()
    assert rdv.starts_at == cast.rdv.starts_at + timedelta(days=1)
    assert rdv.context == "Apporter le dossier"
    kinds = set(OutboxMessage.objects.values_list("kind", flat=True))
    assert kinds == {"rdv_changed"}  # the author wants no mail of what they did
    page = text_of(client.get(first.headers["Location"]))
    assert "Le RDV est modifié." in page
    assert "Début : lundi 11 janvier 2027 à 10 h → mardi 12 janvier 2027 à 10 h" in page


def test_E06_without_a_word(client, cast, url):
    client.post(url, filled(cast, day="2027-01-12", keeps_silent="on"))
    assert Rdv.objects.get().version == 1
    assert not OutboxMessage.objects.exists()


def test_E06_a_mistake_brings_everything_typed_back(client, cast, url):
    data = filled(cast, duration="0", context="Apporter le dossier", lieu="autre", lieu_name="Gare")
    response = client.post(url, data)
    assert response.status_code == 422
    page = text_of(response)
    assert "Apporter le dossier" in page
    assert 'value="Gare"' in page
    assert Rdv.objects.get().version == 0


@pytest.fixture
def taken(cast):
    return RdvFactory(
        motif=cast.motif, lieu=cast.lieu, agents=[cast.owner], usagers=[cast.other_usager],
        starts_at=cast.rdv.starts_at + timedelta(hours=1),
    )  # fmt: skip


def test_decision_10_warned_once_then_accepted_on_purpose(client, cast, url, taken):
    data = filled(cast, time="11:00", context="Tant pis")
    response = client.post(url, data)
    assert response.status_code == 422
    page = text_of(response)
    assert cast.other_usager.full_name in page
    assert "Enregistrer quand même" in page
    assert "Tant pis" in page
    assert Rdv.objects.get(pk=cast.rdv.pk).version == 0
    client.post(url, data | {"warnings": fingerprint(response)})
    assert AgentRdv.objects.get(rdv=cast.rdv).overlap_accepted


def test_decision_10_what_was_not_read_is_not_accepted(client, cast, url, taken):
    data = filled(cast, time="11:00")
    read = fingerprint(client.post(url, data))
    RdvFactory(
        motif=cast.motif, agents=[cast.owner], agents__overlap_accepted=True,
        starts_at=taken.starts_at,
    )  # fmt: skip
    assert client.post(url, data | {"warnings": read}).status_code == 422
    assert Rdv.objects.get(pk=cast.rdv.pk).version == 0


def test_E06_what_cannot_be_is_a_422_with_its_reason(client, cast, url):
    response = client.post(url, filled(cast, day="2040-01-01"))
    assert response.status_code == 422
    Rdv.objects.update(status="revoked", cancelled_at=NOW)
    response = client.post(url, filled(cast, day="2027-01-12"))
    assert response.status_code == 422
    assert "rétablissez-le" in text_of(response)


def test_E06_somebody_else_was_faster(client, cast, url):
    Rdv.objects.update(version=3)
    response = client.post(url, filled(cast, context="Note"))
    assert response.status_code == 422
    assert "quelqu’un d’autre" in text_of(response)


def test_E06_a_place_for_this_rdv_only(client, cast, url):
    place = {"lieu": "autre", "lieu_name": "Gare", "lieu_address": "1 place de la Gare, Arras"}
    client.post(url, filled(cast, **place))
    assert Rdv.objects.get().lieu.availability == "single_use"
    page = text_of(client.get(url))
    assert 'value="1 place de la Gare, Arras"' in page
    client.post(url, filled(cast, **place, seen_version="1", context="Note"))
    assert Lieu.objects.filter(availability="single_use").count() == 1
    assert RdvEvent.objects.count() == 2


def test_E06_agents_out_of_sight_stay(client, cast, url):
    AgentRdv.objects.create(rdv=cast.rdv, agent=cast.other_service)
    page = text_of(client.get(url))
    assert f"sans changement possible d’ici : {cast.other_service.full_name}" in page
    client.post(url, filled(cast, context="Note"))
    assert AgentRdv.objects.filter(rdv=cast.rdv).count() == 2


def test_E06_another_agent_and_another_lieu(client, cast, url):
    other = LieuFactory(organisation=cast.organisation)
    data = filled(cast, agents=[cast.same_service.pk], lieu=other.pk)
    response = client.post(url, data)
    assert response.status_code == 302
    rdv = Rdv.objects.get()
    assert (rdv.lieu, rdv.agents.get()) == (other, cast.same_service)


def test_decision_9_a_forged_agent_is_refused(client, cast, url):
    assert client.post(url, filled(cast, agents=[cast.elsewhere.pk])).status_code == 422


# People


def test_E06_somebody_is_looked_for_chosen_left_and_added(client, cast, url):
    child = UsagerFactory(
        territoire=cast.territoire, organisations=[cast.organisation], last_name="Zéphyr"
    )
    typed = filled(cast, context="Tapé avant", duration="45", q="zeph")
    page = text_of(client.post(url, typed | {"chercher": "1"}))
    assert child.full_name in page
    assert "Tapé avant" in page
    assert 'value="45"' in page
    chosen = text_of(client.post(url, typed | {"ajouter": str(child.uuid)}))
    assert "À ajouter" in chosen
    assert f'name="usagers_in" value="{child.uuid}"' in chosen
    left = client.post(url, typed | {"usagers_in": str(child.uuid), "oter": str(child.uuid)})
    assert "À ajouter" not in text_of(left)
    assert not Participation.objects.filter(usager=child).exists()
    client.post(url, filled(cast, usagers_in=str(child.uuid)))
    assert Participation.objects.filter(usager=child, rdv=cast.rdv).exists()


def test_E06_somebody_is_taken_off(client, cast, url):
    row = Participation.objects.create(
        rdv=cast.rdv, usager=UsagerFactory(territoire=cast.territoire),
        created_by_agent=cast.owner, created_at=NOW,
    )  # fmt: skip
    switches = {f"changes_{row.uuid}": "on", f"reminder_{row.uuid}": "on"}
    client.post(url, filled(cast, usagers_out=str(row.uuid), **switches))
    row.refresh_from_db()
    assert row.status == "revoked"
    page = text_of(client.get(reverse("planning:rdv_detail", args=[cast.rdv.uuid])))
    assert f"{row.usager.full_name} : Inscrit → Retiré par le service" in page


def test_E06_nobody_left_is_refused(client, cast, url):
    row = cast.rdv.participations.get()
    response = client.post(url, filled(cast, usagers_out=str(row.uuid)))
    assert response.status_code == 422
    assert "au moins un usager" in text_of(response)


def test_C01_the_switches_of_a_person(client, cast, url):
    row = cast.rdv.participations.get()
    client.post(url, filled(cast, **{f"changes_{row.uuid}": None}))
    row.refresh_from_db()
    assert (row.notifies_changes, row.notifies_reminder) == (False, True)
    page = text_of(client.get(reverse("planning:rdv_detail", args=[cast.rdv.uuid])))
    assert f"{cast.usager.full_name}, prévenir des changements : oui → non" in page


def test_E07_title_and_seats_of_a_workshop(client, cast):
    motif = MotifFactory(organisation=cast.organisation, service=cast.social, is_collective=True)
    rdv = RdvFactory(motif=motif, lieu=cast.lieu, agents=[cast.same_service], seats_total=5)
    url = reverse("planning:rdv_edit", args=[rdv.uuid])
    assert client.get(url).status_code == 200
    data = {
        "day": "2027-01-11", "time": "10:00", "duration": "30", "agents": [cast.same_service.pk],
        "lieu": cast.lieu.pk, "title": "CV", "seats_total": "", "seen_version": "0",
    }  # fmt: skip
    response = client.post(url, data)
    rdv.refresh_from_db()
    assert (response.status_code, rdv.title, rdv.seats_total) == (302, "CV", None)


def test_decision_3_the_clock_is_that_of_the_territoire(client, cast, url):
    cast.territoire.timezone = "Indian/Reunion"
    cast.territoire.save()
    assert 'value="13:00"' in text_of(client.get(url))
    client.post(url, filled(cast, time="14:00"))
    assert Rdv.objects.get().starts_at == cast.rdv.starts_at + timedelta(hours=1)


def test_E06_the_number_of_statements_does_not_grow(client, cast, url):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    client.get(url)
    few = statements()
    for _ in range(8):
        Participation.objects.create(
            rdv=cast.rdv, usager=UsagerFactory(territoire=cast.territoire),
            created_by_agent=cast.owner, created_at=NOW,
        )  # fmt: skip
        LieuFactory(organisation=cast.organisation)
    assert statements() == few
    assert few <= 24


@pytest.mark.parametrize("who", ["other_service", "elsewhere", "stranger", "usager"])
def test_decision_14_who_may_not_know_the_rdv_finds_nothing(client, cast, url, who):
    cast.sign_in(client, who)
    assert client.get(url).status_code == 404
    assert client.post(url, filled(cast, context="x")).status_code == 404
