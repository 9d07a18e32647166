"""E11: the reception desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.models import AuditEntry
from planning.models import Participation
from tests.factories import LieuFactory, MotifFactory, RdvFactory, UsagerFactory

NOON = datetime(2027, 1, 11, 11, 2, tzinfo=UTC)  # Monday 11 January 2027, 12:02 in Paris


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def get(client, cast):
    def ask(who="secretary", status=200, **params):
        cast.sign_in(client, who)
        url = reverse("planning:reception", args=[cast.organisation.uuid])
        response = client.get(url, params)
        assert response.status_code == status
        return response

    return ask


def text_of(response):
    return " ".join(response.content.decode().split())


def names(response):
    return [
        person.participation.usager.full_name
        for hour in response.context["desk"].hours
        for visit in hour.visits
        for person in visit.people
    ]


def visit(cast, hours, **columns):
    columns = {
        "motif": cast.motif,
        "lieu": cast.lieu,
        "agents": [cast.same_service],
        "usagers": [UsagerFactory(territoire=cast.territoire)],
        "starts_at": NOON.replace(minute=0) + timedelta(hours=hours),
    } | columns
    return RdvFactory(**columns)


def test_E11_the_day_of_a_lieu_all_agents_by_hour(get, cast):
    later = visit(cast, 3)
    elsewhere = LieuFactory(organisation=cast.organisation, name="Zone nord")
    visit(cast, 1, lieu=elsewhere)
    visit(cast, 26)
    visit(cast, 2, status="revoked")
    response = get(lieu=cast.lieu.uuid)
    assert names(response) == [cast.usager.full_name, later.participations.get().usager.full_name]
    assert [hour.hour for hour in response.context["desk"].hours] == [10, 15]
    text = text_of(response)
    assert cast.owner.full_name in text
    assert cast.same_service.full_name in text
    assert len(names(get(lieu="tous"))) == 3


def test_E11_the_url_holds_lieu_and_day(get, cast):
    tomorrow = visit(cast, 26).participations.get().usager.full_name
    response = get(lieu=cast.lieu.uuid, jour="2027-01-12")
    assert names(response) == [tomorrow]
    text = text_of(response)
    assert f"lieu={cast.lieu.uuid}&amp;jour=2027-01-13" in text
    assert f'href="?lieu={cast.lieu.uuid}"' in text
    assert "En salle d’attente" not in text
    assert "Arrivé" not in text


def test_E11_one_click_arrived_then_who_waits_since_when(get, client, cast):
    part = cast.rdv.participations.get()
    assert "Personne n’attend." in text_of(get())
    back = reverse("planning:reception", args=[cast.organisation.uuid])
    url = reverse("planning:participation_arrival", args=[part.uuid])
    response = client.post(url, {"here": "1", "next": back}, follow=True)
    assert response.redirect_chain == [(back, 302)]
    text = text_of(response)
    assert "En salle d’attente</h2>" not in text
    assert "En salle d’attente (1)" in text
    assert "depuis 12 h 02" in text
    assert "Arrivé à 12 h 02" in text
    assert "Effacer l’arrivée" in text
    early = visit(cast, 4).participations.get()
    Participation.objects.filter(pk=early.pk).update(arrived_at=NOON - timedelta(hours=1))
    waiting = [row.participation.pk for row in get().context["desk"].waiting]
    assert waiting == [early.pk, part.pk]


def test_E11_seen_ends_the_wait(get, client, cast):
    cast.rdv.participations.update(arrived_at=NOON)
    get()
    back = reverse("planning:reception", args=[cast.organisation.uuid])
    url = reverse("planning:rdv_status", args=[cast.rdv.uuid])
    response = client.post(url, {"status": "seen", "next": back}, follow=True)
    assert "Personne n’attend." in text_of(response)
    assert "Honoré" in text_of(response)


def test_E11_a_walk_in_begins_on_the_next_five_minutes(get, cast):
    text = text_of(get(lieu=cast.lieu.uuid))
    assert 'name="starts_at" value="2027-01-11T12:05:00+01:00"' in text
    assert f'name="lieu" value="{cast.lieu.uuid}"' in text


def test_E11_E09_a_basique_is_refused_and_has_no_menu_line(get, client, cast):
    url = reverse("planning:reception", args=[cast.organisation.uuid])
    get("owner", status=403)
    home = reverse("planning:agenda", args=[cast.organisation.uuid])
    assert url not in text_of(client.get(home))
    assert url in text_of(get("admin"))


def test_E11_the_day_costs_the_same_for_one_row_and_for_25(get, cast):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            get()
        return len(captured)

    statements()
    one = statements()
    for number in range(24):
        motif = MotifFactory(organisation=cast.organisation, service=cast.social)
        usagers = [UsagerFactory(territoire=cast.territoire) for _ in range(2)]
        start = NOON + timedelta(minutes=15 * number)
        visit(cast, 0, motif=motif, usagers=usagers, starts_at=start, agents__overlap_accepted=True)
    assert statements() == one
    assert one <= 20


def test_E11_a_workshop_lists_its_people_and_an_empty_day_says_so(get, cast):
    motif = MotifFactory(organisation=cast.organisation, service=cast.social, is_collective=True)
    workshop = visit(cast, 1, motif=motif, title="Atelier CV", usagers=[cast.usager])
    text = text_of(get(lieu=cast.lieu.uuid))
    assert "Atelier CV" in text
    assert reverse("planning:rdv_collectif_detail", args=[workshop.uuid]) in text
    empty = text_of(get(lieu=cast.lieu.uuid, jour="2027-02-01"))
    assert f"Aucun RDV ce jour-là à « {cast.lieu.name} »." in empty


def test_G08_a_look_without_a_role_leaves_a_trace(get):
    get("secretary")
    assert not AuditEntry.objects.exists()
    get("territoire_admin")
    assert AuditEntry.objects.get().action == "reception_seen"
