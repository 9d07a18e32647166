"""E03, E13: indisponibilités through their pages."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from planning.models import Indisponibilite
from planning.queries.indisponibilite_list import indisponibilite_rows, indisponibilites_of
from tests.factories import IndisponibiliteFactory, MotifFactory, RdvFactory, service
from tests.factories.planning import NOW

BASE = {
    "title": "Formation",
    "first_day": "2027-02-01",
    "end_day": "2027-02-01",
    "start_time": "09:00",
    "end_time": "12:00",
    "frequency": "none",
}


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def agent(client, cast):
    client.force_login(cast.owner.account)
    return cast.owner


@pytest.fixture
def create_url(cast):
    return reverse(
        "planning:indisponibilite_create", args=[cast.organisation.uuid, cast.owner.uuid]
    )


@pytest.fixture
def list_url(cast):
    return reverse("planning:indisponibilite_list", args=[cast.organisation.uuid, cast.owner.uuid])


def newest():
    return Indisponibilite.objects.order_by("-pk").first()


def test_E03_one_morning(client, cast, agent, create_url, list_url):
    assertRedirects(client.post(create_url, BASE), list_url)
    row = newest()
    assert (row.agent, row.territoire, row.title) == (cast.owner, cast.territoire, "Formation")
    assert (row.first_day, row.end_day) == (date(2027, 2, 1), date(2027, 2, 1))
    assertContains(client.get(list_url), "Le lundi 1er février 2027, de 9 h à 12 h")


def test_E03_whole_days_end_at_midnight_and_come_back_as_typed(client, cast, agent, create_url):
    whole = {**BASE, "end_day": "2027-02-05", "is_whole_day": "on", "start_time": ""}
    assert client.post(create_url, whole).status_code == 302
    row = newest()
    assert (row.start_time, row.end_day, row.end_time) == (time(), date(2027, 2, 6), time())
    page = client.get(reverse("planning:indisponibilite_edit", args=[row.uuid]))
    form = page.context["form"]
    assert form["is_whole_day"].initial is True
    assert form["end_day"].initial == date(2027, 2, 5)


def test_E03_weekly_over_two_days(client, cast, agent, create_url):
    weekly = {
        **BASE,
        "end_day": "2027-02-02",
        "end_time": "08:00",
        "frequency": "weekly",
        "weekdays": ["0"],
    }
    assert client.post(create_url, weekly).status_code == 302
    assert newest().weekdays == [0]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "   "}, "title"),
        ({"title": "x" * 10_000}, "title"),
        ({"end_day": "2027-01-31"}, "end_day"),
        ({"end_day": "2029-01-31"}, "end_day"),
        ({"end_time": "09:00"}, "end_time"),
        ({"end_time": "08:59"}, "end_time"),
        ({"start_time": ""}, "start_time"),
        ({"end_time": ""}, "end_time"),
        ({"first_day": "demain"}, "first_day"),
        ({"is_whole_day": "on", "end_day": "2027-01-31"}, "end_day"),
        ({"frequency": "weekly", "recurrence_ends_on": "2027-01-31"}, "recurrence_ends_on"),
    ],
)
def test_E03_bad_input_is_refused_beside_its_field(client, cast, agent, create_url, changes, field):
    before = Indisponibilite.objects.count()
    response = client.post(create_url, {**BASE, **changes})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert Indisponibilite.objects.count() == before


def test_E03_titles_are_text_whatever_they_hold(client, agent, create_url, list_url):
    assert client.post(create_url, {**BASE, "title": "<b>Congés</b> 🏖"}).status_code == 302
    assertContains(client.get(list_url), "&lt;b&gt;Congés&lt;/b&gt; 🏖")


def test_E03_covered_rdvs_are_listed_and_kept(client, cast, agent, create_url):
    over = {**BASE, "first_day": "2027-01-11", "end_day": "2027-01-11", "is_whole_day": "on"}
    page = client.post(create_url, over, follow=True)
    assertContains(page, "Un RDV déjà pris tombe pendant cette indisponibilité.")
    assertContains(page, reverse("planning:rdv_detail", args=[cast.rdv.uuid]))
    cast.rdv.refresh_from_db()
    assert not cast.rdv.is_cancelled


def test_E14_rdvs_of_several_absent_agents_are_one_list(
    client, cast, agent, create_url, django_assert_max_num_queries
):
    at = datetime(2027, 1, 11, 13, tzinfo=UTC)
    colleagues = [cast.same_service, cast.admin]
    theirs = RdvFactory(motif=cast.motif, lieu=cast.lieu, agents=colleagues[:1], starts_at=at)
    over = {**BASE, "first_day": "2027-01-11", "end_day": "2027-01-11", "is_whole_day": "on"}
    client.force_login(cast.admin.account)
    typed = {**over, "colleagues": [colleague.pk for colleague in colleagues]}
    page = client.post(create_url, typed, follow=True)
    together = reverse("planning:indisponibilite_group", args=[cast.organisation.uuid])
    assert page.request["PATH_INFO"] == together
    assertContains(page, "2 RDV déjà pris tombent pendant ces indisponibilités.")
    rows = page.context["rows"]
    found = {row.indisponibilite.agent: [x.rdv for x in row.covered.shown] for row in rows}
    assert found == {cast.owner: [cast.rdv], cast.same_service: [theirs]}
    assert page.context["free"] == [cast.admin]
    for act in ("rdv_move", "rdv_cancel"):
        assertContains(page, reverse(f"planning:{act}", args=[theirs.uuid]))
    with django_assert_max_num_queries(20):
        client.get(f"{page.request['PATH_INFO']}?{page.request['QUERY_STRING']}")
    # Who may not plan for an agent sees nothing of it, even with the address.
    client.force_login(cast.other_service.account)
    address = f"{page.request['PATH_INFO']}?{page.request['QUERY_STRING']}&i=x"
    assertContains(client.get(address), "Plus aucun RDV")


def test_E03_a_rdv_that_only_touches_is_not_covered(client, cast, agent, create_url, list_url):
    # 9:00 UTC is 10 h in Arras; the RDV lasts 30 minutes.
    before = {**BASE, "first_day": "2027-01-11", "end_day": "2027-01-11", "end_time": "10:00"}
    assertRedirects(client.post(create_url, before), list_url)
    after = {**before, "start_time": "10:30", "end_time": "12:00"}
    assertRedirects(client.post(create_url, after), list_url)


def test_E09_rdvs_that_one_may_not_see_are_only_counted(cast):
    hidden = MotifFactory(organisation=cast.organisation, service=service("pmi"), name="Secret")
    RdvFactory(
        motif=hidden,
        lieu=cast.lieu,
        agents=[cast.owner],
        starts_at=datetime(2027, 1, 11, 13, 0, tzinfo=UTC),
    )
    actor = cast.actor("same_service")
    found = indisponibilites_of(actor, agent=cast.owner, today=date(2027, 1, 4))
    row = indisponibilite_rows(found, actor=actor, now=NOW)[0]
    assert [item.rdv for item in row.covered.shown] == [cast.rdv]
    assert row.covered.hidden == 1


def test_E13_others_read_only_that_the_agent_is_away(cast):
    for who, title in (("same_service", "Congés"), ("secretary", "Congés"), ("owner", "Congés")):
        actor = cast.actor(who)
        rows = indisponibilites_of(actor, agent=cast.owner, today=date(2027, 1, 4))
        found = indisponibilite_rows(rows, actor=actor, now=NOW)
        assert [row.title for row in found] == [title]
    actor = cast.actor("other_service")
    assert not indisponibilites_of(actor, agent=cast.owner, today=date(2027, 1, 4)).exists()


def test_E03_current_and_past(client, cast, agent, list_url):
    def away(first, last, **more):
        return IndisponibiliteFactory(agent=cast.owner, first_day=first, end_day=last, **more)

    running = away(date(2026, 12, 20), date(2027, 1, 8))
    over = away(date(2026, 12, 1), date(2026, 12, 2))
    # Ends at 0 h of today: over yesterday.
    midnight = away(date(2027, 1, 1), date(2027, 1, 4), start_time=time(), end_time=time())
    endless = away(date(2026, 1, 5), date(2026, 1, 5), frequency="weekly", weekdays=[0])

    def shown(query):
        return {row.indisponibilite for row in client.get(list_url, query).context["rows"]}

    assert shown({}) == {cast.indisponibilite, running, endless}
    assert shown({"passees": "1"}) == {over, midnight}
    assert shown({"q": "cong", "passees": "1"}) == {over, midnight}


def test_E03_edit_and_delete(client, cast, agent, list_url):
    row = cast.indisponibilite
    url = reverse("planning:indisponibilite_edit", args=[row.uuid])
    assertRedirects(client.post(url, {**BASE, "title": "Stage"}), list_url)
    row.refresh_from_db()
    assert (row.title, row.ics_sequence) == ("Stage", 1)
    url = reverse("planning:indisponibilite_delete", args=[row.uuid])
    assertContains(client.get(url), "Stage")
    assertRedirects(client.post(url), list_url)
    assert not Indisponibilite.objects.filter(pk=row.pk).exists()


def test_E03_a_get_changes_nothing(client, cast, agent):
    url = reverse("planning:indisponibilite_delete", args=[cast.indisponibilite.uuid])
    client.get(url, {**BASE})
    assert Indisponibilite.objects.filter(pk=cast.indisponibilite.pk).exists()


def test_E03_the_list_reads_a_constant_number_of_rows(
    client, cast, agent, list_url, django_assert_max_num_queries
):
    for day in range(1, 20):
        IndisponibiliteFactory(agent=cast.owner, first_day=date(2027, 1, 10 + day))
        RdvFactory(
            motif=cast.motif,
            lieu=cast.lieu,
            agents=[cast.owner],
            starts_at=datetime(2027, 1, 10 + day, 12, 0, tzinfo=UTC),
        )
    with django_assert_max_num_queries(24):
        page = client.get(list_url)
    assert len(page.context["rows"]) == 20
    assertNotContains(page, "Aucune indisponibilité")


def test_E03_each_covered_rdv_can_be_cancelled_from_there(client, cast, agent):
    page = client.get(reverse("planning:indisponibilite_edit", args=[cast.indisponibilite.uuid]))
    assertContains(page, reverse("planning:rdv_cancel", args=[cast.rdv.uuid]))


def test_E01_creation_is_filled_from_the_agenda(client, agent, create_url):
    asked = {"jour": "2027-02-05", "debut": "14:00", "fin": "16:30"}
    form = client.get(create_url, asked).context["form"]
    days = (form["first_day"].value(), form["end_day"].value())
    assert days == (date(2027, 2, 5), date(2027, 2, 5))
    assert form["end_time"].value() == time(16, 30)


def test_E03_duplicate_fills_the_form(client, cast, agent, create_url):
    form = client.get(create_url, {"modele": str(cast.indisponibilite.uuid)}).context["form"]
    assert form["title"].value() == "Congés"
    assert client.get(create_url, {"modele": str(cast.plage.uuid)}).status_code == 404


def test_E03_a_long_series_is_over_after_its_last_occurrence(cast):
    """The last one, that of 28 December, lasts until Saturday 2 January included."""
    row = cast.indisponibilite
    row.first_day, row.end_day = date(2026, 12, 21), date(2026, 12, 26)
    row.frequency, row.weekdays, row.recurrence_ends_on = "weekly", [0], date(2026, 12, 29)
    row.save()

    def listed(day, past):
        actor, now = cast.actor("owner"), datetime(2027, 1, day, 12, tzinfo=UTC)
        rows = indisponibilites_of(actor, agent=cast.owner, today=now.date(), past=past)
        found = indisponibilite_rows(rows, actor=actor, now=now)
        assert all(each.is_past == past for each in found)
        return len(found)

    assert (listed(3, past=False), listed(3, past=True)) == (1, 0)
    assert (listed(4, past=False), listed(4, past=True)) == (0, 1)
