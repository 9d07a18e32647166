"""E02: one date of a recurring plage with other motifs or another lieu."""

from __future__ import annotations

from datetime import date, time

import pytest
import time_machine
from django.urls import reverse
from icalendar import Calendar
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from motifs.models import Availability
from notifications.models import OutboxMessage
from planning.models import PlageOuverture
from planning.queries.agenda import Days, agenda_of
from planning.queries.agenda_events import events_of
from planning.queries.availability import Search, found_slots
from planning.queries.week_copy import WeekChoice, week_plan
from planning.services.plage_ouverture_edit import delete_plage, split_plage, update_plage
from planning.services.plage_ouverture_occurrence import DateFields, change_plage_occurrence
from planning.services.series_occurrence import PLAGES, restore_occurrence, skip_occurrence
from planning.slots.types import Audience
from rdv.common.saving import InvalidRow
from tests.factories import LieuFactory, MotifFactory
from tests.factories.planning import MONDAY, NOW
from tests.integration.planning.series_world import WEEK, days, make_weekly, plage_fields

SECOND, THIRD, FOURTH = MONDAY + WEEK, MONDAY + 2 * WEEK, MONDAY + 3 * WEEK
TUESDAY = date(2027, 1, 19)


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def plage(cast):
    return make_weekly(cast.plage, title="Permanence", max_rdvs_per_day=3, opens_on_holidays=True)


@pytest.fixture
def other(cast):
    """Another motif, and another lieu."""
    motif = MotifFactory(organisation=cast.organisation, service=cast.social, name="Bilan")
    return motif, LieuFactory(organisation=cast.organisation, name="Annexe")


@pytest.fixture
def change(cast, plage, other):
    """Change the second date, by the admin: on the Tuesday, for the other motif, elsewhere."""

    def call(motif=other[0], lieu=other[1], day=TUESDAY, of=SECOND, start=14):
        fields = DateFields((motif.pk,), lieu.pk, day, time(start), time(start + 2))
        common = {"actor": cast.actor("admin"), "now": NOW}
        change_plage_occurrence(plage_id=plage.pk, day=of, fields=fields, **common)
        return PlageOuverture.objects.filter(replaces__day=of).first()

    return call


def by_admin(cast, service, **arguments):
    return service(actor=cast.actor("admin"), now=NOW, **arguments)


def told():
    """Return the last mail: its method, then (UID, SEQUENCE) of its events."""
    message = OutboxMessage.objects.order_by("pk").last()
    events = Calendar.from_ical(message.ics).walk("VEVENT")
    return message.ics_method, [(str(event["UID"]), int(event["SEQUENCE"])) for event in events]


def test_E02_a_date_takes_other_motifs_and_another_lieu(cast, plage, other, change):
    motif, lieu = other
    row = change()
    assert days(plage, THIRD) == [(MONDAY, 9), (THIRD, 9)]
    assert (row.title, row.max_rdvs_per_day, row.opens_on_holidays) == ("Permanence", 3, True)
    assert told() == ("PUBLISH", [(str(plage.uuid), 1), (str(row.uuid), 0)])
    body = OutboxMessage.objects.get().body
    assert "remplacée, le mardi 19 janvier 2027, de 14 h à 16 h" in body
    assert "Annexe" in body

    def slots(of):
        question = Search(frozenset({of.pk}), Audience.AGENT, NOW)
        return {(slot[0].date(), slot[2]) for slot in found_slots(question, SECOND, THIRD)}

    assert slots(motif) == {(TUESDAY, lieu.pk)}
    assert slots(cast.motif) == {(THIRD, cast.lieu.pk)}
    # The agenda says what it is; the copy of a week takes it as it stands.
    shown = agenda_of(
        [cast.owner], actor=cast.actor("owner"), days=Days(SECOND, TUESDAY, cast.territoire)
    )
    (event,) = [
        event
        for event in events_of(shown, organisation=cast.organisation, now=NOW)
        if event["extendedProps"].get("kind") == "plage"
    ]
    words = "Date modifiée de la série « Permanence » : remplace le lundi 18 janvier 2027"
    assert event["extendedProps"]["details"] == [str(lieu), "Bilan", words]
    choice = WeekChoice(cast.organisation, cast.owner, [cast.same_service], SECOND, FOURTH, True)
    plan = week_plan(cast.actor("owner"), choice, today=NOW.date())
    (copied,) = plan.planned
    assert (copied.plage.weekdays, copied.plage.lieu, copied.motifs) == ([1], lieu, [motif])


def test_E02_a_replaced_date_is_changed_again_given_back_or_left_out(cast, plage, other, change):
    row = change()
    assert change(start=10) == row
    assert told() == ("PUBLISH", [(str(plage.uuid), 2), (str(row.uuid), 1)])
    # With the motifs and the lieu of the series: an exception like the others.
    assert change(cast.motif, cast.lieu) is None
    assert days(plage, SECOND + WEEK / 7) == [(MONDAY, 9), (TUESDAY, 14)]
    key = {"series": PLAGES, "row_id": plage.pk, "day": SECOND}
    for service, left in (
        (restore_occurrence, [(MONDAY, 9), (SECOND, 9)]),
        (skip_occurrence, [(MONDAY, 9)]),
    ):
        row = change()
        by_admin(cast, service, **key)
        assert not PlageOuverture.objects.filter(pk=row.pk).exists()
        assert days(plage, SECOND) == left
        cancelled = OutboxMessage.objects.get(ics_method="CANCEL", ics__contains=str(row.uuid))
        assert "SEQUENCE:1" in cancelled.ics
    # Deleted by itself, its date stays left out.
    by_admin(cast, delete_plage, plage_id=change().pk)
    assert days(plage, SECOND) == [(MONDAY, 9)]


def test_E02_a_replaced_date_follows_its_series(cast, plage, change):
    early, late = change(), change(of=FOURTH, day=FOURTH)
    fields = plage_fields(cast, first_day=THIRD, start_time=time(8))
    following = by_admin(cast, split_plage, plage_id=plage.pk, day=THIRD, fields=fields)
    late.refresh_from_db()
    assert late.replaces.plage == following
    # The rule gives no Monday any more: what replaced one goes with it, and so with the series.
    wednesday = plage_fields(cast, first_day=THIRD, weekdays=(2,))
    by_admin(cast, update_plage, plage_id=following.pk, fields=wednesday)
    by_admin(cast, delete_plage, plage_id=plage.pk)
    assert list(PlageOuverture.objects.all()) == [following]
    cancelled = OutboxMessage.objects.filter(ics_method="CANCEL")
    assert all(cancelled.filter(ics__contains=str(row.uuid)) for row in (early, late, plage))


def test_E02_motif_and_lieu_of_a_date_obey_the_rules_of_a_plage(cast, plage, other, change):
    closed = LieuFactory(organisation=cast.organisation, availability=Availability.CLOSED)
    for bad in ({"lieu": closed}, {"motif": MotifFactory()}, {"lieu": LieuFactory()}):
        with pytest.raises(InvalidRow):
            change(**bad)
    assert days(plage, SECOND) == [(MONDAY, 9), (SECOND, 9)]
    assert not OutboxMessage.objects.exists()


def test_E02_by_the_page_with_what_it_overlaps_shown_first(client, cast, plage, other):
    motif, lieu = other
    client.force_login(cast.owner.account)
    PlageOuverture.objects.create(
        organisation=cast.organisation, agent=cast.owner, title="Mardi", first_day=TUESDAY
    )
    one = reverse("planning:plage_ouverture_occurrence", args=[plage.uuid, "2027-01-18"])
    hours = {"new_day": "2027-01-19", "start_time": "10:00", "end_time": "11:00"}
    typed = {**hours, "motifs": [motif.pk], "lieu": lieu.pk, "version": "0", "action": "change"}
    page = client.post(one, typed)
    met = "Chevauche la plage « Mardi », par exemple le mardi 19 janvier 2027."
    assertContains(page, met, status_code=422)
    assertContains(page, "Enregistrer quand même", status_code=422)
    onto_itself = client.post(one, {**typed, "new_day": "2027-01-25"})
    assertContains(onto_itself, "Chevauche une autre date de la même plage", status_code=422)
    assert not plage.exceptions.exists()
    accepted = page.context["form"]["accepted"].value()
    edit = reverse("planning:plage_ouverture_edit", args=[plage.uuid])
    assertRedirects(client.post(one, {**typed, "accepted": accepted}), edit)
    row = PlageOuverture.objects.get(replaces__isnull=False)
    assertContains(client.get(edit), "avec d’autres motifs ou un autre lieu")
    # What is already true of the date is not said again; its own page is the one of the date.
    again = client.get(reverse("planning:plage_ouverture_edit", args=[row.uuid]))
    assertRedirects(again, one)
    shown = client.get(one).context["form"]
    assert (shown["motifs"].value(), shown["lieu"].value()) == ([motif.pk], lieu.pk)
    assert client.post(one, {**typed, "version": "1", "end_time": "11:30"}).status_code == 302
    listed = reverse(
        "planning:plage_ouverture_list", args=[cast.organisation.uuid, cast.owner.uuid]
    )
    words = "Date modifiée de la série « Permanence » : remplace le lundi 18 janvier 2027"
    assertContains(client.get(listed), words)
    assertContains(client.get(listed), f'action="{one}"')
    client.post(one, {"action": "restore"})
    assertNotContains(client.get(listed), words)
    assert not plage.exceptions.exists()
