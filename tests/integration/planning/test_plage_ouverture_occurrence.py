"""E02: one occurrence of a recurring plage, the following ones, or all of them."""

from __future__ import annotations

from datetime import date, time

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from motifs.models import Motif
from planning.models import PlageException, PlageOuverture
from planning.services.occurrence_split import ChangedMeanwhile, OccurrenceGone
from planning.services.plage_ouverture_edit import (
    PlageRefused,
    end_plage,
    split_plage,
    update_plage,
)
from planning.services.series_occurrence import (
    PLAGES,
    change_occurrence,
    restore_occurrence,
    skip_occurrence,
)
from rdv.common.saving import InvalidRow
from tests.factories.planning import MONDAY, NOW
from tests.integration.planning.series_world import WEEK, days, make_weekly, plage_fields, plages

ONE_OCCURRENCE = {change_occurrence, restore_occurrence, skip_occurrence}
SECOND, THIRD, FOURTH = MONDAY + WEEK, MONDAY + 2 * WEEK, MONDAY + 3 * WEEK


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def plage(cast):
    return make_weekly(cast.plage)


@pytest.fixture
def act(cast, plage):
    """Call a service on the plage, by its agent."""

    def call(service, who="owner", **arguments):
        of_one = {"series": PLAGES, "row_id": plage.pk}
        key = of_one if service in ONE_OCCURRENCE else {"plage_id": plage.pk}
        return service(**key, actor=cast.actor(who), now=NOW, **arguments)

    return call


def url(name, plage, *args):
    return reverse(f"planning:plage_ouverture_{name}", args=[plage.uuid, *args])


def test_E02_one_occurrence_is_left_out_moved_and_given_back(plage, act):
    act(skip_occurrence, day=SECOND)
    tuesday = date(2027, 1, 26)
    changed = {"new_day": tuesday, "new_start_time": time(14), "new_end_time": time(16)}
    act(change_occurrence, day=THIRD, **changed)
    assert days(plage, FOURTH) == [(MONDAY, 9), (tuesday, 14), (FOURTH, 9)]
    plage.refresh_from_db()
    assert plage.ics_sequence == 2
    act(restore_occurrence, day=SECOND)
    act(restore_occurrence, day=THIRD)
    assert days(plage, FOURTH) == [(MONDAY, 9), (SECOND, 9), (THIRD, 9), (FOURTH, 9)]


def test_E02_an_occurrence_that_does_not_exist_is_refused(plage, act):
    for day in (SECOND + WEEK / 7, MONDAY - WEEK):
        with pytest.raises(OccurrenceGone):
            act(skip_occurrence, day=day)
    with pytest.raises(OccurrenceGone):
        act(restore_occurrence, day=SECOND)
    backwards = {"new_day": SECOND, "new_start_time": time(12), "new_end_time": time(9)}
    with pytest.raises(InvalidRow):
        act(change_occurrence, day=SECOND, **backwards)
    assert not PlageException.objects.exists()


def test_G01_who_may_not_edit_the_plage_may_not_change_an_occurrence(plage, act):
    for who in ("other_service", "elsewhere", "stranger", "usager"):
        with pytest.raises(PlageRefused):
            act(skip_occurrence, who=who, day=SECOND)


def test_E02_this_and_following_splits_the_rule_and_its_exceptions(cast, plage, act):
    act(skip_occurrence, day=SECOND)
    act(skip_occurrence, day=FOURTH)
    fields = plage_fields(cast, first_day=THIRD, start_time=time(14), end_time=time(17))
    following = act(split_plage, day=THIRD, fields=fields)
    plage.refresh_from_db()
    assert plage.recurrence_ends_on == date(2027, 1, 24)
    assert days(plage) == [(MONDAY, 9)]
    assert days(following, FOURTH + WEEK) == [(THIRD, 14), (FOURTH + WEEK, 14)]
    assert (following.agent, following.ics_sequence) == (cast.owner, 0)
    assert following.uuid != plage.uuid
    assert plage.ics_sequence == 3


def test_E02_following_forgets_the_exceptions_of_days_that_are_gone(cast, plage, act):
    act(skip_occurrence, day=FOURTH)
    fields = plage_fields(cast, first_day=THIRD, weekdays=(1,))
    following = act(split_plage, day=THIRD, fields=fields)
    assert not following.exceptions.exists()
    assert not plage.exceptions.exists()


def test_E02_following_from_the_first_occurrence_changes_the_plage_itself(cast, plage, act):
    fields = plage_fields(cast, start_time=time(10))
    assert act(split_plage, day=MONDAY, fields=fields).pk == plage.pk
    assert days(plage, SECOND) == [(MONDAY, 10), (SECOND, 10)]
    assert plages() == [plage]


def test_E02_a_split_that_fails_changes_nothing(cast, plage, act):
    act(skip_occurrence, day=FOURTH)
    before = days(plage)
    with pytest.raises(InvalidRow):
        act(split_plage, day=THIRD, fields=plage_fields(cast, first_day=THIRD, lieu_id=None))
    assert days(plage) == before
    assert plages() == [plage]


def test_E02_every_other_week_keeps_its_weeks_when_split(cast, act):
    plage = make_weekly(cast.plage, interval=2)
    following = act(split_plage, day=THIRD, fields=plage_fields(cast, first_day=THIRD, interval=2))
    assert days(plage) == [(MONDAY, 9)]
    assert [day for day, _hour in days(following)] == [THIRD, THIRD + 2 * WEEK]


def test_E02_a_split_keeps_the_motifs_that_one_may_not_open(cast, plage, act):
    Motif.objects.filter(pk=cast.motif.pk).update(for_secretariat=False)
    fields = plage_fields(cast, first_day=THIRD, title="Suite")
    following = act(split_plage, who="secretary", day=THIRD, fields=fields)
    assert list(following.motifs.all()) == [cast.motif]


def test_E02_delete_this_and_following_or_all(plage, act):
    act(skip_occurrence, day=FOURTH)
    act(end_plage, day=THIRD)
    assert [day for day, _hour in days(plage)] == [MONDAY, SECOND]
    assert not plage.exceptions.exists()
    act(end_plage, day=MONDAY)
    assert plages() == []


def test_E02_changing_all_keeps_the_exceptions_that_still_exist(cast, plage, act):
    act(skip_occurrence, day=SECOND)
    act(update_plage, fields=plage_fields(cast, start_time=time(10)))
    assert [day for day, _hour in days(plage, THIRD)] == [MONDAY, THIRD]
    act(update_plage, fields=plage_fields(cast, weekdays=(2,)))
    assert not plage.exceptions.exists()


def test_E02_the_second_of_two_people_sees_the_change_of_the_first(cast, plage, act):
    act(update_plage, fields=plage_fields(cast, title="Première"), version=0)
    with pytest.raises(ChangedMeanwhile):
        act(update_plage, who="admin", fields=plage_fields(cast, title="Seconde"), version=0)
    plage.refresh_from_db()
    assert plage.title == "Première"


# --- pages ---


def test_E02_the_edit_page_of_an_occurrence_asks_what_changes(client, cast, plage):
    client.force_login(cast.owner.account)
    page = client.get(url("edit", plage), {"occurrence": "2027-01-18"})
    assertRedirects(page, url("occurrence", plage, "2027-01-18"))
    shown = client.get(url("occurrence", plage, "2027-01-18"))
    for words in ("Cette fois seulement", "Cette fois et les suivantes", "Toutes les fois"):
        assertContains(shown, words)
    # A day that the rule does not give: the whole plage.
    other = client.get(url("edit", plage), {"occurrence": "2027-01-19"})
    assertContains(other, "La répétition ne tombe pas ce jour-là")
    for day in ("2027-01-19", "demain", "2027-02-30"):
        assert client.get(url("occurrence", plage, day)).status_code == 404


def test_E02_change_skip_and_undo_by_the_page(client, cast, plage):
    client.force_login(cast.owner.account)
    one = url("occurrence", plage, "2027-01-18")
    place = {"motifs": [cast.motif.pk], "lieu": cast.lieu.pk}
    hours = {"start_time": "10:00", "end_time": "11:00"}
    moved = {"new_day": "2027-01-19", **hours, **place, "version": "0"}
    assertRedirects(client.post(one, {**moved, "action": "change"}), url("edit", plage))
    page = client.get(url("edit", plage))
    words = "Le lundi 18 janvier 2027 : remplacée, le mardi 19 janvier 2027, de 10 h à 11 h"
    assertContains(page, words)
    listed = reverse(
        "planning:plage_ouverture_list", args=[cast.organisation.uuid, cast.owner.uuid]
    )
    assertContains(client.get(listed), words)
    # Seen on its new day in the agenda: the same occurrence.
    again = client.get(url("edit", plage), {"occurrence": "2027-01-19"})
    assertRedirects(again, one)
    client.post(one, {"action": "skip"})
    assertContains(client.get(url("edit", plage)), "Le lundi 18 janvier 2027 : supprimée")
    client.post(one, {"action": "restore"})
    assert not plage.exceptions.exists()


@pytest.mark.parametrize(
    "changes", [{"end_time": "09:00"}, {"new_day": ""}, {"new_day": "2040-01-01"}]
)
def test_E02_bad_input_comes_back(client, cast, plage, changes):
    client.force_login(cast.owner.account)
    typed = {"new_day": "2027-01-19", "start_time": "10:00", "end_time": "11:00", **changes}
    page = client.post(url("occurrence", plage, "2027-01-18"), typed)
    assertContains(page, 'value="10:00"', status_code=422)
    assert not PlageException.objects.exists()


def test_E02_this_and_following_by_the_page(client, cast, plage):
    client.force_login(cast.owner.account)
    address = f"{url('edit', plage)}?occurrence=2027-01-25&portee=suivantes"
    page = client.get(address)
    assert page.context["form"]["first_day"].value() == THIRD
    typed = {
        "motifs": [cast.motif.pk],
        "lieu": cast.lieu.pk,
        "first_day": "2027-01-25",
        "start_time": "14:00",
        "end_time": "17:00",
        "frequency": "weekly",
        "weekdays": ["0"],
        "version": "0",
    }
    assert client.post(address, typed).status_code == 302
    assert [days(row, FOURTH) for row in plages()] == [
        [(MONDAY, 9), (SECOND, 9)],
        [(THIRD, 14), (FOURTH, 14)],
    ]


@pytest.mark.parametrize(
    ("scope", "left"),
    [
        ("cette-fois", [MONDAY, SECOND, FOURTH]),
        ("suivantes", [MONDAY, SECOND]),
        ("toutes", None),
    ],
)
def test_E02_delete_by_the_page(client, cast, plage, scope, left):
    client.force_login(cast.owner.account)
    address = f"{url('delete', plage)}?occurrence=2027-01-25"
    assertContains(client.get(address), "Supprimer cette fois et les suivantes")
    assert client.post(address, {"portee": scope}).status_code == 302
    if left is None:
        assert not PlageOuverture.objects.filter(pk=plage.pk).exists()
    else:
        assert [day for day, _hour in days(plage, FOURTH)] == left


def test_E02_a_lost_update_is_shown_then_replaced_on_purpose(client, cast, plage, act):
    client.force_login(cast.admin.account)
    page = client.get(url("edit", plage))
    typed = {
        "title": "La mienne",
        "motifs": [cast.motif.pk],
        "lieu": cast.lieu.pk,
        "first_day": "2027-01-11",
        "start_time": "09:00",
        "end_time": "12:00",
        "frequency": "weekly",
        "weekdays": ["0"],
        "version": page.context["form"]["version"].value(),
    }
    act(update_plage, fields=plage_fields(cast, start_time=time(8)))
    refused = client.post(url("edit", plage), typed)
    assertContains(refused, "a changé ces horaires", status_code=422)
    assertContains(refused, "de 8 h à 12 h", status_code=422)
    assertContains(refused, "La mienne", status_code=422)
    typed["version"] = refused.context["form"]["version"].value()
    assert client.post(url("edit", plage), typed).status_code == 302
    plage.refresh_from_db()
    assert (plage.title, plage.start_time) == ("La mienne", time(9))
