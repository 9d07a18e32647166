"""E01, E02: what fills the form of a plage, and what its warnings ask."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from planning.models import PlageOuverture
from tests.factories import LieuFactory, PlageOuvertureFactory
from tests.factories.planning import NOW

WEDNESDAY = date(2027, 1, 13)


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def agent(client, cast):
    cast.plage.first_day = WEDNESDAY
    cast.plage.save()
    client.force_login(cast.owner.account)
    return cast.owner


@pytest.fixture
def create_url(cast):
    return reverse(
        "planning:plage_ouverture_create", args=[cast.organisation.uuid, cast.owner.uuid]
    )


@pytest.fixture
def list_url(cast):
    return reverse("planning:plage_ouverture_list", args=[cast.organisation.uuid, cast.owner.uuid])


def data(cast, **changes):
    typed = {
        "title": "Permanence du lundi",
        "first_day": "2027-01-13",
        "start_time": "09:00",
        "end_time": "12:00",
        "frequency": "none",
        "motifs": [cast.motif.pk],
        "lieu": cast.lieu.pk,
    }
    return {**typed, **changes}


def test_E01_creation_is_filled_from_the_agenda(client, agent, create_url):
    asked = {"jour": "2027-02-05", "debut": "14:00", "fin": "16:30"}
    form = client.get(create_url, asked).context["form"]
    assert form["first_day"].value() == date(2027, 2, 5)
    assert (form["start_time"].value(), form["end_time"].value()) == (time(14), time(16, 30))
    nonsense = client.get(create_url, {"jour": "demain", "debut": "25:00", "fin": ""})
    assert nonsense.context["form"]["start_time"].value() == time(9)


def test_E02_duplicate_fills_the_form_and_creates_nothing(client, cast, agent, create_url):
    cast.plage.frequency, cast.plage.weekdays = "weekly", [2, 6]
    cast.plage.first_day, cast.plage.recurrence_ends_on = date(2026, 3, 4), date(2026, 12, 1)
    cast.plage.save()
    form = client.get(create_url, {"modele": str(cast.plage.uuid)}).context["form"]
    assert (form["title"].value(), form["motifs"].value()) == ("Permanence", [cast.motif.pk])
    assert form["weekdays"].value() == [2, 6]
    # A rule that is over begins again today, without its end.
    assert (form["first_day"].value(), form["recurrence_ends_on"].value()) == (NOW.date(), None)
    assert PlageOuverture.objects.count() == 1
    elsewhere = PlageOuvertureFactory(lieu=LieuFactory(organisation=cast.elsewhere_organisation))
    for wrong in (str(elsewhere.uuid), "x"):
        assert client.get(create_url, {"modele": wrong}).status_code == 404


def test_E02_the_past_tab_is_there_only_when_something_is_past(client, cast, agent, list_url):
    assertNotContains(client.get(list_url), "Passées")
    PlageOuvertureFactory(lieu=cast.lieu, agent=cast.owner, first_day=date(2026, 7, 6))
    assertContains(client.get(list_url), "Passées")


def test_planning14_without_motif_a_message_replaces_the_form(client, cast):
    client.force_login(cast.other_service.account)
    args = [cast.organisation.uuid, cast.other_service.uuid]
    page = client.get(reverse("planning:plage_ouverture_create", args=args))
    assertContains(page, "il faut d’abord un motif de l’un de ses services")
    assertNotContains(page, "Créer la plage")


def test_E02_changing_a_plage_is_not_an_overlap_with_itself(client, cast, agent, list_url):
    url = reverse("planning:plage_ouverture_edit", args=[cast.plage.uuid])
    typed = data(cast, first_day="2027-01-13", end_time="11:00")
    assertRedirects(client.post(url, typed), list_url)


def test_E02_what_was_already_true_of_a_plage_is_not_asked_again(client, cast, agent, list_url):
    PlageOuvertureFactory(lieu=cast.lieu, agent=cast.owner, title="Autre", first_day=WEDNESDAY)
    url = reverse("planning:plage_ouverture_edit", args=[cast.plage.uuid])
    renamed = data(cast, first_day="2027-01-13", title="Autre nom")
    assertRedirects(client.post(url, renamed), list_url)
    assertContains(client.get(list_url), "Chevauche la plage « Autre »")


def test_E02_overlap_is_seen_years_ahead_and_masked_when_it_must_be(client, cast, create_url):
    """V-cases in the form: until the earlier end; a plage of elsewhere has no name."""
    elsewhere = LieuFactory(organisation=cast.elsewhere_organisation)
    PlageOuvertureFactory(
        lieu=elsewhere, agent=cast.owner, title="Secret", first_day=date(2030, 6, 5)
    )
    weekly = data(cast, first_day="2027-01-14", frequency="weekly", weekdays=["2"])
    page = client.post(create_url, weekly)
    words = "Chevauche une plage d’une autre organisation, par exemple le mercredi 5 juin 2030."
    assertContains(page, words, status_code=422)
    assertNotContains(page, "Secret", status_code=422)
    ended = client.post(create_url, {**weekly, "recurrence_ends_on": "2030-06-04"})
    assert ended.status_code == 302


def test_E02_a_page_reads_as_much_whatever_the_number_of_exceptions(
    client, cast, django_assert_max_num_queries
):
    plage = cast.plage
    plage.frequency, plage.weekdays = "weekly", [2]
    plage.save()
    for weeks in range(25):
        plage.exceptions.create(day=WEDNESDAY + timedelta(weeks=weeks))
    url = reverse("planning:plage_ouverture_edit", args=[plage.uuid])
    with django_assert_max_num_queries(24):
        page = client.get(url)
    assert len(page.context["exceptions"]) == 25
