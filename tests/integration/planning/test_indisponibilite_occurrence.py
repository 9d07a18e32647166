"""E03: one occurrence of a recurring indisponibilité, the following ones, or all of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from planning.models import Indisponibilite, IndisponibiliteException
from planning.queries.agenda import Days, agenda_of
from planning.queries.availability import Search, found_slots
from planning.services.indisponibilite_edit import (
    IndisponibiliteRefused,
    delete_indisponibilite,
    end_indisponibilite,
    split_indisponibilite,
    update_indisponibilite,
)
from planning.services.occurrence_split import ChangedMeanwhile, OccurrenceGone
from planning.services.series_occurrence import (
    INDISPONIBILITES,
    change_occurrence,
    restore_occurrence,
    skip_occurrence,
)
from planning.slots.types import Audience
from rdv.common.saving import InvalidRow
from tests.factories import PlageOuvertureFactory, RdvFactory
from tests.factories.planning import MONDAY, NOW
from tests.integration.planning.series_world import (
    WEEK,
    days,
    indisponibilite_fields,
    make_weekly,
)

ONE_OCCURRENCE = {change_occurrence, restore_occurrence, skip_occurrence}
SECOND, THIRD, FOURTH = MONDAY + WEEK, MONDAY + 2 * WEEK, MONDAY + 3 * WEEK
NIGHTS = timedelta(days=2)


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def row(cast):
    """Every week from Monday to Wednesday."""
    return make_weekly(cast.indisponibilite, end_day=MONDAY + NIGHTS)


@pytest.fixture
def act(cast, row):
    def call(service, who="owner", **arguments):
        of_one = {"series": INDISPONIBILITES, "row_id": row.pk}
        key = of_one if service in ONE_OCCURRENCE else {"indisponibilite_id": row.pk}
        return service(**key, actor=cast.actor(who), now=NOW, **arguments)

    return call


def url(name, row, *args):
    return reverse(f"planning:indisponibilite_{name}", args=[row.uuid, *args])


def test_E03_one_occurrence_is_left_out_moved_and_given_back(row, act):
    act(skip_occurrence, day=SECOND)
    times = {"new_start_time": time(8), "new_end_time": time(10)}
    moved = {"new_day": date(2027, 1, 28), "new_end_day": date(2027, 1, 29), **times}
    act(change_occurrence, day=THIRD, **moved)
    assert days(row, FOURTH) == [(MONDAY, 9), (date(2027, 1, 28), 8), (FOURTH, 9)]
    act(restore_occurrence, day=THIRD)
    assert days(row, FOURTH) == [(MONDAY, 9), (THIRD, 9), (FOURTH, 9)]
    backwards = {**moved, "new_end_day": date(2027, 1, 27)}
    with pytest.raises(InvalidRow):
        act(change_occurrence, day=THIRD, **backwards)
    with pytest.raises(OccurrenceGone):
        act(skip_occurrence, day=SECOND + timedelta(days=1))


def test_E03_this_and_following_splits_the_rule_and_its_exceptions(row, act):
    act(skip_occurrence, day=SECOND)
    act(skip_occurrence, day=FOURTH)
    fields = indisponibilite_fields(first_day=THIRD, end_day=THIRD, title="Formation")
    following = act(split_indisponibilite, day=THIRD, fields=fields)
    assert days(row) == [(MONDAY, 9)]
    assert [day for day, _hour in days(following, FOURTH + WEEK)] == [THIRD, FOURTH + WEEK]
    assert (following.agent, following.territoire) == (row.agent, row.territoire)
    assert act(split_indisponibilite, day=MONDAY, fields=fields).pk == row.pk


def test_E03_delete_this_and_following_then_all(row, act):
    act(end_indisponibilite, day=THIRD)
    assert [day for day, _hour in days(row)] == [MONDAY, SECOND]
    act(end_indisponibilite, day=MONDAY)
    assert not Indisponibilite.objects.exists()


def test_E03_the_second_of_two_people_sees_the_change_of_the_first(row, act):
    act(update_indisponibilite, fields=indisponibilite_fields(title="Première"), version=0)
    with pytest.raises(ChangedMeanwhile):
        act(update_indisponibilite, who="admin", fields=indisponibilite_fields(), version=0)
    row.refresh_from_db()
    assert row.title == "Première"


def test_G01_who_may_not_edit_it_may_not_change_an_occurrence(act):
    for who in ("other_service", "elsewhere", "stranger", "usager"):
        with pytest.raises(IndisponibiliteRefused):
            act(skip_occurrence, who=who, day=SECOND)
        with pytest.raises(IndisponibiliteRefused):
            act(delete_indisponibilite, who=who)


def test_E03_whole_days_of_one_occurrence_by_the_page(client, cast, row):
    client.force_login(cast.owner.account)
    edit = client.get(url("edit", row), {"occurrence": "2027-01-18"}, follow=True)
    assertContains(edit, "Cette fois seulement")
    one = url("occurrence", row, "2027-01-18")
    typed = {
        "action": "change",
        "new_day": "2027-01-18",
        "new_end_day": "2027-01-19",
        "is_whole_day": "on",
        "version": "0",
    }
    assert client.post(one, typed).status_code == 302
    exception = IndisponibiliteException.objects.get()
    assert (exception.new_day, exception.new_end_day) == (SECOND, SECOND + NIGHTS)
    assert exception.new_end_time == time()
    shown = client.get(one).context["form"]
    assert (shown["is_whole_day"].value(), shown["new_end_day"].value()) == (
        True,
        date(2027, 1, 19),
    )
    words = "remplacée, du lundi 18 janvier 2027 au mardi 19 janvier 2027, toute la journée"
    assertContains(client.get(url("edit", row)), words)
    assert client.post(one, {"action": "restore"}).status_code == 302
    assert not IndisponibiliteException.objects.exists()


def test_E03_a_date_moved_over_rdvs_lists_them_first(client, cast, row):
    rdv = RdvFactory(
        motif=cast.motif,
        lieu=cast.lieu,
        agents=[cast.owner],
        starts_at=datetime(2027, 1, 21, 9, tzinfo=UTC),
    )
    client.force_login(cast.owner.account)
    one = url("occurrence", row, "2027-01-18")
    day = {"new_day": "2027-01-21", "new_end_day": "2027-01-21", "is_whole_day": "on"}
    typed = {**day, "version": "0", "action": "change"}
    page = client.post(one, typed)
    assertContains(page, "Un RDV déjà pris tombe à ce moment", status_code=422)
    for act in ("rdv_move", "rdv_cancel"):
        assertContains(page, reverse(f"planning:{act}", args=[rdv.uuid]), status_code=422)
    assert not IndisponibiliteException.objects.exists()
    accepted = page.context["form"]["accepted"].value()
    assert client.post(one, {**typed, "accepted": accepted}).status_code == 302
    # What the date covers already is not asked again.
    shorter = {**typed, "is_whole_day": "", "start_time": "08:00", "end_time": "12:00"}
    assert client.post(one, {**shorter, "version": "1"}).status_code == 302
    assert IndisponibiliteException.objects.get().new_end_time == time(12)


@pytest.mark.parametrize(
    "changes",
    [{"new_end_day": "2027-01-17"}, {"start_time": ""}, {"end_time": "08:00"}, {"new_day": "x"}],
)
def test_E03_bad_input_comes_back(client, cast, row, changes):
    client.force_login(cast.owner.account)
    typed = {
        "new_day": "2027-01-18",
        "new_end_day": "2027-01-18",
        "start_time": "09:00",
        "end_time": "10:00",
        **changes,
    }
    assert client.post(url("occurrence", row, "2027-01-18"), typed).status_code == 422
    assert not IndisponibiliteException.objects.exists()


def test_E03_delete_and_following_by_the_page(client, cast, row):
    client.force_login(cast.owner.account)
    address = f"{url('delete', row)}?occurrence=2027-01-25"
    assertContains(client.get(address), "Supprimer cette fois seulement")
    client.post(address, {"portee": "cette-fois"})
    assert [day for day, _hour in days(row, FOURTH)] == [MONDAY, SECOND, FOURTH]
    client.post(f"{url('delete', row)}?occurrence=2027-01-18", {"portee": "suivantes"})
    assert [day for day, _hour in days(row, FOURTH)] == [MONDAY]
    following = f"{url('edit', row)}?occurrence=2027-01-11&portee=suivantes"
    page = client.get(following)
    assert page.context["form"]["end_day"].value() == MONDAY + NIGHTS


def test_E13_who_may_only_read_sees_no_exception(cast, row, act, client):
    act(skip_occurrence, day=SECOND)
    args = [cast.organisation.uuid, cast.owner.uuid]
    listed = reverse("planning:indisponibilite_list", args=args)
    client.force_login(cast.same_service.account)
    assertContains(client.get(listed), "Le lundi 18 janvier 2027 : supprimée")
    client.force_login(cast.other_service.account)
    assert client.get(listed).status_code == 404
    own = reverse(
        "planning:indisponibilite_list", args=[cast.organisation.uuid, cast.other_service.uuid]
    )
    assertNotContains(client.get(own), "supprimée")


def test_E03_several_days_every_week_close_the_agenda_and_the_slots(cast, row, act):
    """From Monday 9:00 to Wednesday 18:00; the Wednesday plage opens again when it is left out."""
    wednesday = SECOND + NIGHTS
    PlageOuvertureFactory(
        lieu=cast.lieu, agent=cast.owner, motifs=[cast.motif], first_day=wednesday
    )
    question = Search(frozenset({cast.motif.pk}), Audience.AGENT, NOW)

    def free():
        return list(found_slots(question, wednesday, wednesday))

    def away():
        shown = agenda_of(
            [cast.owner],
            actor=cast.actor("owner"),
            days=Days(wednesday, wednesday, cast.territoire),
        )
        return [(span.period.start.date(), span.period.end.date()) for span in shown.absences]

    assert (free(), away()) == ([], [(SECOND, wednesday)])
    act(skip_occurrence, day=SECOND)
    assert (bool(free()), away()) == (True, [])
