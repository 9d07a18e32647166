"""E01, E09, E13, decisions 8 and 12: the agenda's page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agents.models import AuditEntry, RoleOrganisation
from planning.models import IndisponibiliteException, Participation, PlageException, Rdv
from tests.factories import (
    AgentFactory,
    IndisponibiliteFactory,
    MotifFactory,
    PlageOuvertureFactory,
    RdvFactory,
    UsagerFactory,
    service,
)
from tests.factories.planning import MONDAY
from tests.integration.planning.agenda_world import WEEK, assert_no_secret, at, secret_rdv


@pytest.fixture
def page(client, cast):
    """Return the text of an agenda's page, read by somebody of the cast."""

    def get(who="owner", agent=None, **params):
        cast.sign_in(client, who)
        owner = agent or cast.owner
        url = reverse("planning:agenda_of", args=[cast.organisation.uuid, owner.uuid])
        response = client.get(url, WEEK | params)
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    return get


def test_E01_the_menu_leads_to_ones_own_agenda_of_this_week(client, cast):
    client.force_login(cast.owner.account)
    text = client.get(reverse("planning:agenda", args=[cast.organisation.uuid])).content.decode()
    assert "Votre agenda" in text
    assert f'data-date="{timezone.localdate().isoformat()}"' in text


def test_E01_a_day_lists_hours_usagers_motif_lieu_and_status(page, cast):
    text = page()
    assert "Du lundi 11 au dimanche 17 janvier 2027" in text
    assert "Lundi 11 janvier 2027" in text
    assert "10 h – 10 h 30" in text
    assert cast.usager.full_name in text
    assert cast.motif.name in text
    assert cast.lieu.name in text
    assert "À venir" in text
    assert reverse("planning:rdv_detail", args=[cast.rdv.uuid]) in text


def test_E01_plages_stand_in_the_day(page, cast):
    text = page()
    assert "<strong>9 h – 12 h</strong> Plage d’ouverture" in text
    assert f"«&nbsp;Permanence&nbsp;», {cast.lieu.name}" in text


def test_E01_recurring_plages_follow_their_exceptions(page, cast):
    weekly = PlageOuvertureFactory(
        lieu=cast.lieu, agent=cast.owner, title="Hebdo", first_day=MONDAY - timedelta(days=70),
        frequency="weekly", weekdays=[1, 3], recurrence_ends_on=MONDAY,
    )  # fmt: skip
    assert "Hebdo" not in page()
    weekly.recurrence_ends_on = None
    weekly.save()
    assert page().count("Hebdo") == 2
    PlageException.objects.create(plage=weekly, day=MONDAY + timedelta(days=1))
    assert page().count("Hebdo") == 1


def test_E01_public_holidays_are_named(page):
    assert "Jour férié : Jour de l&#x27;an" in page(date="2027-01-01")


def test_E01_weekend_days_appear_when_something_stands_there(page, cast):
    assert "Dimanche 17 janvier 2027" not in page()
    RdvFactory(motif=cast.motif, lieu=cast.lieu, agents=[cast.owner], starts_at=at(17, 10))
    assert "Dimanche 17 janvier 2027" in page()


@pytest.mark.parametrize(
    ("view", "previous", "following"),
    [
        ("semaine", "2027-01-04", "2027-01-18"),
        ("liste", "2027-01-04", "2027-01-18"),
        ("jour", "2027-01-10", "2027-01-12"),
        ("mois", "2026-12-01", "2027-02-01"),
    ],
)
def test_E01_previous_next_and_today_keep_the_state_in_the_url(page, view, previous, following):
    text = page(vue=view, annules="1")
    today = timezone.localdate().isoformat()
    for day in (previous, following, today):
        assert f"?vue={view}&amp;date={day}&amp;annules=1&amp;samedis=0" in text


def test_E01_the_day_view_shows_one_day(page, cast):
    text = page(vue="jour")
    assert "Lundi 11 janvier 2027" in text
    assert "Mardi 12 janvier 2027" not in text


@pytest.mark.parametrize("date", ["", "demain", "2027-02-30", "0001-01-01", "9999-12-31"])
def test_E01_a_bad_date_is_today(page, date):
    assert f'data-date="{timezone.localdate().isoformat()}"' in page(date=date)


@pytest.mark.parametrize("view", ["année", ""])
def test_E01_an_unknown_view_is_the_week(page, view):
    assert 'data-view="semaine"' in page(vue=view)


def test_E01_the_list_view_has_no_calendar(page):
    assert "agenda-calendar" not in page(vue="liste")


def test_E01_cancelled_rdvs_show_or_not(page, cast):
    RdvFactory(
        motif=cast.motif, lieu=cast.lieu, agents=[cast.owner], usagers=[cast.other_usager],
        starts_at=at(12, 9), status="revoked",
    )  # fmt: skip
    assert cast.other_usager.full_name not in page(annules="0")
    text = page()
    assert cast.other_usager.full_name in text
    assert "Annulé par le service" in text


def test_E01_deleted_rdvs_never_show(page, cast):
    Rdv.objects.filter(pk=cast.rdv.pk).update(hidden_at=timezone.now())
    assert cast.usager.full_name not in page(annules="1")


def test_E01_a_rdv_that_began_before_the_range_is_there(page, cast):
    late = RdvFactory(
        motif=cast.motif, lieu=cast.lieu, agents=[cast.owner], usagers=[cast.other_usager],
        starts_at=at(10, 23), ends_at=at(11, 2),
    )  # fmt: skip
    text = page()
    assert str(late.uuid) in text
    assert "Jusqu’à 2 h" in text


def test_E01_taken_online_is_said(page, cast):
    assert "(pris en ligne)" not in page()
    Participation.objects.filter(rdv=cast.rdv).update(
        created_by_agent=None, created_by_usager=cast.usager
    )
    assert "(pris en ligne)" in page()


def test_E01_the_switch_goes_to_a_colleague_and_keeps_the_week(client, cast):
    client.force_login(cast.same_service.account)
    url = reverse("planning:agenda", args=[cast.organisation.uuid])
    response = client.get(url, WEEK | {"agent": str(cast.owner.uuid)})
    target = reverse("planning:agenda_of", args=[cast.organisation.uuid, cast.owner.uuid])
    assert (
        response.headers["Location"] == f"{target}?vue=semaine&date=2027-01-11&annules=1&samedis=0"
    )


@pytest.mark.parametrize("chosen", ["elsewhere", "nonsense"])
def test_E09_the_switch_refuses_who_may_not_be_seen(client, cast, chosen):
    client.force_login(cast.same_service.account)
    url = reverse("planning:agenda", args=[cast.organisation.uuid])
    agent = cast.elsewhere.uuid if chosen == "elsewhere" else "nonsense"
    assert client.get(url, {"agent": str(agent)}).status_code == 404


def test_E09_the_switch_offers_the_agendas_one_may_see(page, cast):
    text = page("same_service")
    assert f'value="{cast.owner.uuid}" selected' in text
    assert str(cast.other_service.uuid) not in text
    assert str(cast.other_service.uuid) in page("secretary")


def test_E09_decision_8_what_one_may_not_read_is_occupied_without_any_detail(page, cast):
    rdv = secret_rdv(cast)
    assert "Rosalie" in page("owner")
    text = page("same_service")
    assert "Occupé" in text
    assert "14 h – 14 h 30" in text
    assert_no_secret(text, rdv)


def test_decision_8_a_rdv_of_another_organisation_is_occupied(page, cast):
    RoleOrganisation.objects.create(agent=cast.owner, organisation=cast.elsewhere_organisation)
    motif = MotifFactory(organisation=cast.elsewhere_organisation, name="Ailleurs")
    rdv = RdvFactory(motif=motif, agents=[cast.owner], starts_at=at(13, 15))
    text = page("same_service")
    assert "Occupé" in text
    assert "Ailleurs" not in text
    assert str(rdv.uuid) not in text
    own = page("owner")
    assert "Ailleurs" in own
    assert cast.elsewhere_organisation.name in own


def test_decision_8_a_cancelled_rdv_of_others_frees_the_time(page, cast):
    rdv = secret_rdv(cast, status="excused")
    text = page("same_service", annules="1")
    assert "Occupé" not in text.split('class="rdv-agenda__legend"')[0]
    assert_no_secret(text, rdv)


def test_E13_the_title_of_an_absence_is_for_its_agent_and_those_who_may_edit_it(page, cast):
    assert "Congés" in page("owner")
    assert "Congés" in page("admin")


def test_E13_others_see_that_the_agent_is_away(cast):
    """The page of today shows agendas to editors only; the query holds for who only reads."""
    from agents.permissions import AgentActor
    from planning.queries.agenda import Days, agenda_of

    days = Days(MONDAY, MONDAY, cast.territoire)
    (span,) = agenda_of([cast.owner], actor=AgentActor(agent_id=0), days=days).absences
    assert span.row is None
    (own,) = agenda_of([cast.owner], actor=cast.actor("owner"), days=days).absences
    assert own.row.uuid == cast.indisponibilite.uuid


def test_E03_an_absence_of_several_days_stands_in_each(page, cast):
    IndisponibiliteFactory(
        agent=cast.owner, title="Stage", first_day=MONDAY - timedelta(days=3),
        end_day=MONDAY + timedelta(days=2),
    )  # fmt: skip
    text = page()
    assert text.count(">Stage<") == 3
    assert text.count("Toute la journée") == 2
    assert "Jusqu’à 18 h" in text


def test_E03_a_moved_occurrence_of_an_absence_shows_where_it_went(page, cast):
    weekly = IndisponibiliteFactory(
        agent=cast.owner, title="Réunion", first_day=MONDAY - timedelta(days=35),
        recurrence_ends_on=MONDAY - timedelta(days=14), frequency="weekly", weekdays=[0],
    )  # fmt: skip
    assert "Réunion" not in page()
    IndisponibiliteException.objects.create(
        indisponibilite=weekly, day=MONDAY - timedelta(days=14), new_day=MONDAY,
        new_start_time="14:00", new_end_day=MONDAY, new_end_time="15:00",
    )  # fmt: skip
    assert "Réunion" in page()


def test_decision_3_dates_follow_the_zone_of_the_territoire(page, cast):
    cast.territoire.timezone = "Indian/Reunion"
    cast.territoire.save()
    assert "13 h – 13 h 30" in page()


def test_decision_12_the_look_of_a_territoire_admin_without_role_is_audited_once_an_hour(
    page, cast
):
    page("territoire_admin")
    page("territoire_admin")
    entry = AuditEntry.objects.get()
    assert entry.agent == cast.territoire_admin
    assert entry.organisation == cast.organisation
    assert (entry.action, entry.object_kind) == ("agenda_seen", "agent")
    assert entry.object_uuid == cast.owner.uuid


@pytest.mark.parametrize("who", ["owner", "same_service", "secretary", "admin"])
def test_decision_12_who_holds_a_role_leaves_no_trace(page, who):
    page(who)
    assert not AuditEntry.objects.exists()


def test_E09_without_an_agenda_there_one_chooses_a_colleagues(client, cast):
    client.force_login(cast.territoire_admin.account)
    text = client.get(reverse("planning:agenda", args=[cast.organisation.uuid])).content.decode()
    assert reverse("planning:agenda_of", args=[cast.organisation.uuid, cast.owner.uuid]) in text


def fill(cast, count, day):
    """Put `count` of everything in the owner's week."""
    AgentFactory(organisations=[cast.organisation], services=[service()])
    for n in range(count):
        start = at(day, 8) + timedelta(minutes=30 * n)
        usagers = [
            UsagerFactory(territoire=cast.territoire),
            UsagerFactory(territoire=cast.territoire),
        ]
        RdvFactory(
            motif=MotifFactory(organisation=cast.organisation), lieu=cast.lieu,
            agents=[cast.owner], usagers=usagers, starts_at=start,
        )  # fmt: skip
        plage = PlageOuvertureFactory(lieu=cast.lieu, agent=cast.owner, motifs=[cast.motif])
        PlageException.objects.create(plage=plage, day=MONDAY + timedelta(days=400 + n))
        absence = IndisponibiliteFactory(agent=cast.owner)
        IndisponibiliteException.objects.create(
            indisponibilite=absence, day=MONDAY + timedelta(days=400 + n)
        )


def statements(get):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        get()
    return len(captured)


@pytest.mark.parametrize("kind", ["page", "feed"])
def test_E01_the_number_of_statements_does_not_grow(client, cast, kind):
    name = "planning:agenda_of" if kind == "page" else "planning:agenda_feed"
    url = reverse(name, args=[cast.organisation.uuid, cast.owner.uuid])
    params = WEEK if kind == "page" else {"start": "2027-01-11", "end": "2027-01-18"}
    client.force_login(cast.owner.account)
    fill(cast, 2, day=12)
    client.get(url, params)
    few = statements(lambda: client.get(url, params))
    fill(cast, 18, day=13)
    many = statements(lambda: client.get(url, params))
    assert few == many
    assert many <= 30
