"""E02: plages d'ouverture through their pages."""

from __future__ import annotations

from datetime import date, time

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from motifs.models import Availability
from planning.models import PlageMotif, PlageOuverture
from planning.services.plage_ouverture_edit import PlageFields, PlageRefused, create_plage
from rdv.common.saving import InvalidRow
from tests.factories import AgentFactory, LieuFactory, MotifFactory, PlageOuvertureFactory, service
from tests.factories.planning import MONDAY, NOW

WEDNESDAY = date(2027, 1, 13)

BASE = {
    "title": "Permanence du lundi",
    "first_day": "2027-01-11",
    "start_time": "09:00",
    "end_time": "12:00",
    "frequency": "none",
}


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def _wednesday(cast):
    """Move the plage of the cast out of the way: an overlap is shown before it is accepted."""
    cast.plage.first_day = WEDNESDAY
    cast.plage.save()


@pytest.fixture
def agent(client, cast):
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
    return {**BASE, "motifs": [cast.motif.pk], "lieu": cast.lieu.pk, **changes}


def newest():
    return PlageOuverture.objects.order_by("-pk").first()


def test_E02_recurring_plage_is_stored_and_read_in_words(client, cast, agent, create_url, list_url):
    weekly = {
        "start_time": "14:00",
        "end_time": "17:30",
        "frequency": "weekly",
        "interval": "2",
        "weekdays": ["0", "3"],
        "recurrence_ends_on": "2027-06-30",
        "opens_on_holidays": "on",
    }
    response = client.post(create_url, data(cast, **weekly))
    assertRedirects(response, list_url)
    plage = newest()
    assert (plage.agent, plage.organisation, plage.lieu) == (
        cast.owner,
        cast.organisation,
        cast.lieu,
    )
    assert (plage.frequency, plage.interval, plage.weekdays) == ("weekly", 2, [0, 3])
    assert plage.recurrence_ends_on == date(2027, 6, 30)
    assert plage.opens_on_holidays
    assert list(plage.motifs.all()) == [cast.motif]
    assertContains(
        client.get(list_url),
        "Toutes les 2 semaines, le lundi et le jeudi, de 14 h à 17 h 30, à partir du lundi "
        "11 janvier 2027, jusqu’au mercredi 30 juin 2027",
    )


@pytest.mark.parametrize(
    ("changes", "stored"),
    [
        ({"frequency": "weekly"}, ("weekly", [0], None)),
        ({"frequency": "weekly", "weekdays": ["6"]}, ("weekly", [6], None)),
        ({"frequency": "monthly_weekday"}, ("monthly_weekday", [], 2)),
        ({"frequency": "monthly_weekday", "month_rank": "-1"}, ("monthly_weekday", [], -1)),
        ({"frequency": "monthly_day", "interval": "3"}, ("monthly_day", [], None)),
        # What the answer does not call for is ignored, even when it makes no sense.
        (
            {"frequency": "none", "interval": "0", "weekdays": ["1"], "month_rank": "2"},
            ("none", [], None),
        ),
    ],
)
def test_E02_what_each_frequency_keeps(client, cast, agent, create_url, changes, stored):
    assert client.post(create_url, data(cast, **changes)).status_code == 302
    plage = newest()
    assert (plage.frequency, plage.weekdays, plage.month_rank) == stored


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"end_time": "09:00"}, "end_time"),
        ({"end_time": "08:00"}, "end_time"),
        ({"start_time": "25:00"}, "start_time"),
        ({"first_day": ""}, "first_day"),
        ({"first_day": "2027-02-30"}, "first_day"),
        ({"first_day": "2017-12-31"}, "first_day"),
        ({"first_day": "2040-01-01"}, "first_day"),
        ({"motifs": []}, "motifs"),
        ({"lieu": ""}, "lieu"),
        ({"frequency": "weekly", "recurrence_ends_on": "2027-01-10"}, "recurrence_ends_on"),
        ({"frequency": "weekly", "interval": "53"}, "interval"),
        ({"frequency": "weekly", "interval": "-1"}, "interval"),
        ({"frequency": "weekly", "weekdays": ["7"]}, "weekdays"),
        ({"frequency": "hourly"}, "frequency"),
        # A fifth Monday of the month does not come before this day.
        (
            {
                "frequency": "monthly_weekday",
                "month_rank": "5",
                "recurrence_ends_on": "2027-02-28",
            },
            "recurrence_ends_on",
        ),
        ({"title": "x" * 10_000}, "title"),
    ],
)
def test_E02_bad_input_is_refused_beside_its_field(client, cast, agent, create_url, changes, field):
    before = PlageOuverture.objects.count()
    response = client.post(create_url, data(cast, **changes))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert PlageOuverture.objects.count() == before
    assertContains(response, "error-summary", status_code=422)
    if "title" not in changes:
        assertContains(response, "Permanence du lundi", status_code=422)


def test_E02_names_are_text_whatever_they_hold(client, cast, agent, create_url, list_url):
    for title, day in (
        ("<script>alert(1)</script>", "2027-01-11"),
        ("Permanence 🎉", "2027-01-12"),
    ):
        named = data(cast, title=title, first_day=day)
        assert client.post(create_url, named).status_code == 302
    page = client.get(list_url)
    assertContains(page, "&lt;script&gt;alert(1)&lt;/script&gt;")
    assertContains(page, "Permanence 🎉")
    assertNotContains(page, "<script>alert(1)")


def test_E02_no_lieu_is_kept_for_a_motif_by_phone(client, cast, agent, create_url):
    phone = MotifFactory(organisation=cast.organisation, location_type="telephone")
    assert client.post(create_url, data(cast, motifs=[phone.pk])).status_code == 302
    assert newest().lieu is None


def test_E02_foreign_rows_are_refused(client, cast, agent, create_url):
    elsewhere = cast.elsewhere_organisation
    foreign_motif = MotifFactory(organisation=elsewhere)
    other_service = MotifFactory(organisation=cast.organisation, service=service("pmi"))
    archived = MotifFactory(organisation=cast.organisation, archived_at=NOW)
    closed = LieuFactory(organisation=cast.organisation, availability=Availability.CLOSED)
    for changes in (
        {"motifs": [foreign_motif.pk]},
        {"motifs": [other_service.pk]},
        {"motifs": [archived.pk]},
        {"motifs": ["abc"]},
        {"lieu": LieuFactory(organisation=elsewhere).pk},
        {"lieu": closed.pk},
    ):
        assert client.post(create_url, data(cast, **changes)).status_code == 422, changes


def test_E02_the_agent_of_the_url_must_be_a_colleague(client, cast, agent):
    for stranger in (cast.other_service, cast.elsewhere, cast.stranger):
        url = reverse(
            "planning:plage_ouverture_create", args=[cast.organisation.uuid, stranger.uuid]
        )
        assert client.post(url, data(cast)).status_code == 404


def test_E09_the_service_decides_again(cast):
    fields = PlageFields(
        motif_ids=(cast.motif.pk,),
        lieu_id=cast.lieu.pk,
        first_day=MONDAY,
        start_time=time(9),
        end_time=time(12),
    )
    arguments = {"organisation": cast.organisation, "agent": cast.owner, "now": NOW}
    with pytest.raises(PlageRefused):
        create_plage(fields=fields, actor=cast.actor("other_service"), **arguments)
    with pytest.raises(InvalidRow) as refused:
        create_plage(fields=fields, actor=cast.actor("secretary"), **arguments)
    assert list(refused.value.errors) == ["motifs"]


def test_planning14_secretary_opens_what_is_marked_for_them(client, cast):
    cast.motif.for_secretariat = True
    cast.motif.save()
    client.force_login(cast.secretary.account)
    for person in (cast.owner, cast.secretary):
        url = reverse("planning:plage_ouverture_create", args=[cast.organisation.uuid, person.uuid])
        assert client.post(url, data(cast)).status_code == 302


def test_planning14_admin_opens_any_motif_for_any_colleague(client, cast, create_url):
    client.force_login(cast.admin.account)
    motif = MotifFactory(organisation=cast.organisation, service=service("pmi"))
    assert client.post(create_url, data(cast, motifs=[motif.pk])).status_code == 302


def test_E02_editing_keeps_the_motifs_that_one_may_not_open(client, cast):
    pmi = MotifFactory(organisation=cast.organisation, service=service("pmi"))
    PlageMotif.objects.create(plage=cast.plage, motif=pmi)
    client.force_login(cast.same_service.account)
    url = reverse("planning:plage_ouverture_edit", args=[cast.plage.uuid])
    assertContains(client.get(url), pmi.name)
    response = client.post(url, data(cast, motifs=[cast.motif.pk, pmi.pk], title="Autre nom"))
    assert response.status_code == 302
    cast.plage.refresh_from_db()
    assert cast.plage.title == "Autre nom"
    assert cast.plage.ics_sequence == 1
    assert set(cast.plage.motifs.all()) == {cast.motif, pmi}


def test_E02_delete_asks_first_and_only_a_post_deletes(client, cast, agent, list_url):
    url = reverse("planning:plage_ouverture_delete", args=[cast.plage.uuid])
    assertContains(client.get(url), "Le mercredi 13 janvier 2027, de 9 h à 12 h")
    assert PlageOuverture.objects.filter(pk=cast.plage.pk).exists()
    assertRedirects(client.post(url), list_url)
    assert not PlageOuverture.objects.filter(pk=cast.plage.pk).exists()
    assert client.post(url).status_code == 404


def test_E02_overlap_and_too_long_motif_are_accepted_on_purpose(
    client, cast, agent, create_url, list_url
):
    motif = MotifFactory(organisation=cast.organisation, name="Long", duration_minutes=300)
    typed = data(cast, first_day="2027-01-13", start_time="11:00", motifs=[motif.pk])
    before = PlageOuverture.objects.count()
    page = client.post(create_url, typed)
    told = (
        "Chevauche la plage « Permanence », par exemple le mercredi 13 janvier 2027.",
        "Le motif « Long » (5 h) est plus long que la plage.",
    )
    for words in (*told, "Enregistrer quand même", "Permanence du lundi"):
        assertContains(page, words, status_code=422)
    assert PlageOuverture.objects.count() == before
    accepted = page.context["form"]["accepted"].value()
    # What was accepted is what was shown: other warnings are shown first.
    other = client.post(create_url, {**typed, "end_time": "11:30", "accepted": "x"})
    assert other.status_code == 422
    assertRedirects(client.post(create_url, {**typed, "accepted": accepted}), list_url)
    for words in told:
        assertContains(client.get(list_url), words)


def test_E09_a_plage_of_another_organisation_is_only_counted(client, cast, list_url):
    lieu = LieuFactory(organisation=cast.elsewhere_organisation)
    PlageOuvertureFactory(lieu=lieu, agent=cast.owner, title="Secret", first_day=WEDNESDAY)
    client.force_login(cast.same_service.account)
    page = client.get(list_url)
    assertContains(page, "Chevauche une plage d’une autre organisation")
    assertNotContains(page, "Secret")


def test_E02_list_current_past_and_search(client, cast, agent, list_url):
    past = PlageOuvertureFactory(
        lieu=cast.lieu, agent=cast.owner, title="Été passé", first_day=date(2026, 7, 6)
    )
    ended = PlageOuvertureFactory(
        lieu=cast.lieu,
        agent=cast.owner,
        title="Finie",
        first_day=date(2026, 1, 5),
        frequency="weekly",
        weekdays=[0],
        recurrence_ends_on=date(2027, 1, 3),
    )

    def shown(query):
        return {row.plage for row in client.get(list_url, query).context["rows"]}

    assert shown({}) == {cast.plage}
    assert shown({"passees": "1"}) == {past, ended}
    assert shown({"passees": "1", "q": "ete"}) == {past}
    assert shown({"q": "rien"}) == set()


def test_E02_closed_lieu_and_archived_motif_are_flagged(client, cast, agent, list_url):
    cast.lieu.availability = Availability.CLOSED
    cast.lieu.save()
    assertContains(client.get(list_url), "est fermé.")
    cast.motif.archived_at = NOW
    cast.motif.save()
    assertContains(client.get(list_url), "Cette plage n’a plus aucun motif")


def test_G07_motifs_online_carry_a_badge_in_list_and_form(
    client, cast, agent, list_url, create_url
):
    for url in (list_url, create_url):
        assertContains(client.get(url), ">En ligne</span>")


def test_E02_an_agent_without_any_motif_is_told_why(client, cast):
    client.force_login(cast.other_service.account)
    url = reverse(
        "planning:plage_ouverture_list", args=[cast.organisation.uuid, cast.other_service.uuid]
    )
    page = client.get(url)
    assertContains(page, "il faut d’abord un motif de l’un de ses services")
    assertNotContains(page, "Créer une plage d’ouverture")


def test_E01_switcher_leads_to_the_colleague(client, cast, agent, list_url):
    response = client.get(list_url, {"agent": str(cast.same_service.uuid)})
    assertRedirects(
        response,
        reverse(
            "planning:plage_ouverture_list",
            args=[cast.organisation.uuid, cast.same_service.uuid],
        ),
    )
    assert client.get(list_url, {"agent": str(cast.other_service.uuid)}).status_code == 404
    assert client.get(list_url, {"agent": "x"}).status_code == 404


def test_E01_territoire_admin_lands_on_the_first_agent(client, cast):
    client.force_login(cast.territoire_admin.account)
    url = reverse(
        "planning:plage_ouverture_list",
        args=[cast.organisation.uuid, cast.territoire_admin.uuid],
    )
    assert client.get(url, follow=True).status_code == 200


def test_E02_the_list_reads_a_constant_number_of_rows(
    client, cast, agent, list_url, django_assert_max_num_queries
):
    motifs = [cast.motif, *MotifFactory.create_batch(3, organisation=cast.organisation)]
    for index in range(19):
        PlageOuvertureFactory(lieu=cast.lieu, agent=AgentFactory(organisations=[cast.organisation]))
        PlageOuvertureFactory(
            lieu=cast.lieu,
            agent=cast.owner,
            title=f"Plage {index}",
            motifs=motifs,
            frequency="weekly",
            weekdays=[index % 7],
        )
    with django_assert_max_num_queries(28):
        page = client.get(list_url)
    assert len(page.context["rows"]) == 20
