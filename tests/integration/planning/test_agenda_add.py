"""E01: a free time of the agenda, and a RDV at a glance: the panels, which are pages too."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from tests.factories import RdvFactory
from tests.factories.planning import NOW
from tests.integration.planning.agenda_world import at

AFTERNOON = {"jour": "2027-01-12", "debut": "14:00", "fin": "15:30"}


@pytest.fixture
def add(client, cast):
    def get(who="owner", **params):
        cast.sign_in(client, who)
        url = reverse("planning:agenda_add", args=[cast.organisation.uuid, cast.owner.uuid])
        return client.get(url, params)

    return get


def text_of(response, status=200):
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def test_E01_three_choices_keep_the_length_that_was_drawn(add, cast):
    text = text_of(add(**AFTERNOON))
    assert "Mardi 12 janvier 2027 à 14 h" in text
    assert "Jusqu’à 15 h 30" in text
    assert 'name="starts_at" value="2027-01-12T14:00:00+01:00"' in text
    assert 'name="ends_at" value="2027-01-12T15:30:00+01:00"' in text
    assert f'name="agent" value="{cast.owner.uuid}"' in text
    query = "?jour=2027-01-12&amp;debut=14:00&amp;fin=15:30"
    args = [cast.organisation.uuid, cast.owner.uuid]
    assert reverse("planning:plage_ouverture_create", args=args) + query in text
    assert reverse("planning:indisponibilite_create", args=args) + query in text


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2027-01-12", ("09:00", "09:30")), ("2027-01-04", ("11:00", "11:30"))],
)
@time_machine.travel("2027-01-04 10:40+01:00", tick=False)
def test_E01_a_day_alone_begins_in_the_morning_or_soon(add, day, hours):
    text = text_of(add(jour=day))
    assert all(f'value="{hour}"' in text for hour in hours)


@time_machine.travel("2027-01-04 23:50+01:00", tick=False)
def test_E01_late_in_the_evening_the_day_still_ends_at_midnight(add):
    text = text_of(add(jour="2027-01-04"))
    assert 'name="starts_at" value="2027-01-04T23:30:00+01:00"' in text
    assert 'name="ends_at" value="2027-01-05T00:00:00+01:00"' in text


def test_E01_the_same_time_of_a_colleague(add, cast):
    response = add(**AFTERNOON, agent=str(cast.same_service.uuid))
    args = [cast.organisation.uuid, cast.same_service.uuid]
    target = f"{reverse('planning:agenda_add', args=args)}?jour=2027-01-12"
    assert response.headers["Location"].startswith(target)


@pytest.mark.parametrize("chosen", ["other_service", "nonsense"])
def test_E09_not_the_time_of_who_may_not_be_seen(add, cast, chosen):
    agent = getattr(cast, chosen, None)
    assert add(**AFTERNOON, agent=str(agent.uuid if agent else chosen)).status_code == 404


def test_E01_hours_that_make_no_sense_are_said(add):
    text = text_of(add(**AFTERNOON | {"fin": "13:00"}), 422)
    assert "L’heure de fin est après l’heure de début." in text
    assert 'name="starts_at"' not in text


def summary_of(client, cast, rdv=None, who="owner"):
    cast.sign_in(client, who)
    return text_of(client.get(reverse("planning:rdv_summary", args=[(rdv or cast.rdv).uuid])))


@time_machine.travel(NOW, tick=False)
def test_E01_a_rdv_at_a_glance(client, cast):
    text = summary_of(client, cast)
    for fact in (cast.usager.full_name, cast.motif.name, cast.lieu.name, cast.owner.full_name,
                 "Lundi 11 janvier 2027 à 10 h", "À venir"):  # fmt: skip
        assert fact in text
    assert reverse("planning:rdv_detail", args=[cast.rdv.uuid]) in text
    assert reverse("planning:rdv_move", args=[cast.rdv.uuid]) in text
    assert 'value="seen"' not in text


@time_machine.travel("2027-01-11 10:10+01:00", tick=False)
def test_E01_on_the_day_one_click_says_that_they_came(client, cast):
    text = summary_of(client, cast)
    assert 'name="status" value="seen"' in text
    assert 'name="here" value="1"' in text
    cast.rdv.participations.update(arrived_at=cast.rdv.starts_at)
    text = summary_of(client, cast)
    assert "Pas encore arrivé" in text
    assert 'name="here" value=""' in text


@time_machine.travel("2027-01-11 10:10+01:00", tick=False)
def test_E01_what_was_filled_in_is_only_read(client, cast):
    rdv = RdvFactory(motif=cast.motif, lieu=cast.lieu, agents=[cast.owner], status="seen",
                     usagers=[cast.usager], starts_at=at(11, 9))  # fmt: skip
    text = summary_of(client, cast, rdv)
    assert 'value="seen"' not in text
    assert "Effacer le statut" in text
    assert 'name="here"' not in text
    assert reverse("planning:rdv_move", args=[rdv.uuid]) not in text
