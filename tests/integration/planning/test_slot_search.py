"""E04: « Trouver un RDV »: criteria, lieux, week, who sees whose créneaux, memory."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.models import AuditEntry, EquipeAgent
from planning.models import PlageOuverture
from tests.factories import (
    AgentFactory,
    EquipeFactory,
    LieuFactory,
    MotifFactory,
    PlageOuvertureFactory,
    RdvFactory,
    UsagerFactory,
    service,
)
from tests.factories.planning import MONDAY, NOW
from tests.integration.planning.slot_world import SlotPage, read, url_of

pytestmark = pytest.mark.django_db
IN_WEEK = {"date": MONDAY.isoformat()}


@pytest.fixture(autouse=True)
def _a_week_before(cast):
    """The cast's only absence covers the only plage."""
    cast.indisponibilite.delete()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def page(client, cast):
    """Return the page read by somebody, on the week of the cast's plage."""

    def get(who="owner", **criteria):
        return read(client, cast, who, **({"motif": str(cast.motif.uuid)} | IN_WEEK | criteria))

    return get


def plage(cast, agent, **options):
    options = {"lieu": cast.lieu, "motifs": [cast.motif]} | options
    return PlageOuvertureFactory(agent=agent, **options)


def workshop_of(cast, **options):
    motif = MotifFactory(organisation=cast.organisation, service=cast.social, is_collective=True)
    rdv = {"motif": motif, "lieu": cast.lieu, "agents": [cast.owner], "seats_total": 2}
    rdv |= {"starts_at": datetime(2027, 1, 11, 13, tzinfo=UTC)} | options
    return motif, RdvFactory(**rdv)


def test_E04_the_week_lists_the_free_times_of_the_plage(page, cast):
    found = page()
    # The cast's RDV is at 10 h; the others of the morning are free.
    starts = [form["starts_at"] for form in found.forms]
    assert [start[11:16] for start in starts] == ["09:00", "09:30", "10:30", "11:00", "11:30"]
    assert "Du lundi 11 au dimanche 17 janvier 2027" in found.words
    assert found.view == "week"


def test_E04_a_creneau_says_all_that_the_rdv_needs(page, cast):
    found = page()
    form = found.forms[0] | {"csrfmiddlewaretoken": ""}
    assert form == {
        "csrfmiddlewaretoken": "",
        "motif": str(cast.motif.uuid),
        "starts_at": "2027-01-11T09:00:00+01:00",
        "ends_at": "2027-01-11T09:30:00+01:00",
        "agent": str(cast.owner.uuid),
        "lieu": str(cast.lieu.uuid),
        "plage": str(cast.plage.uuid),
    }


def test_E04_first_registered_plage_first_and_the_others_by_name(page, cast):
    plage(cast, AgentFactory(organisations=[cast.organisation], services=[cast.social],
                             last_name="Zola"))  # fmt: skip
    plage(cast, AgentFactory(organisations=[cast.organisation], services=[cast.social],
                             last_name="Artaud"))  # fmt: skip
    creneau = page().context["days"][0].creneaux[0]
    assert creneau.first.agent == cast.owner
    assert [taker.agent.last_name for taker in creneau.others] == ["Artaud", "Zola"]
    assert "ou avec 2 autres" in page().words
    assert len([form for form in page().forms if form["starts_at"][11:16] == "09:00"]) == 3


def test_E04_many_agents_of_one_time_have_a_list_of_their_own(page, cast):
    for _ in range(6):
        agent = AgentFactory(organisations=[cast.organisation], services=[cast.social])
        plage(cast, agent)
    found = page()
    assert len([form for form in found.forms if form["starts_at"][11:16] == "09:00"]) == 1
    assert "heure=2027-01-11T09%3A00%3A00%2B01%3A00" in found.text
    listed = page(heure="2027-01-11T09:00:00+01:00")
    assert len(listed.agents) == 7
    assert {form["starts_at"][11:16] for form in listed.forms} == {"09:00"}
    assert "lundi 11 janvier 2027 à 9 h" in listed.words


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("owner", "owner same_service"),
        ("same_service", "owner same_service"),
        ("secretary", "owner same_service other_service"),
        ("admin", "owner same_service other_service"),
        ("territoire_admin", "owner same_service other_service"),
    ],
)
def test_E04_E09_creneaux_of_the_agents_whose_agenda_one_sees(page, cast, who, sees):
    plage(cast, cast.same_service)
    plage(cast, cast.other_service)
    found = page(who)
    assert found.agents == {str(getattr(cast, name).uuid) for name in sees.split()}
    for hidden in {"owner", "same_service", "other_service"} - set(sees.split()):
        assert str(getattr(cast, hidden).uuid) not in found.text
        assert getattr(cast, hidden).last_name.upper() not in found.text


def test_E04_a_hidden_agent_cannot_be_asked_for(page, cast):
    plage(cast, cast.other_service)
    found = page("owner", agent=str(cast.other_service.uuid))
    assert found.forms == []
    assert found.lacks == ["nobody_chosen"]


def test_E04_an_agent_of_another_organisation_gives_nothing_here(page, cast):
    plage(cast, cast.elsewhere)
    assert page("secretary").agents == {str(cast.owner.uuid)}


@pytest.mark.parametrize(("who", "offered"), [("owner", "social"), ("other_service", "pmi")])
def test_E04_basiques_use_the_motifs_of_their_services(client, cast, who, offered):
    MotifFactory(organisation=cast.organisation, service=service("pmi"))
    found = read(client, cast, who)
    assert [row.code for row in found.context["choices"].services] == [offered]
    forced = read(client, cast, who, motif=str(cast.motif.uuid), service="social")
    assert (forced.context["motif"] == cast.motif) is (who == "owner")


@pytest.mark.parametrize("who", ["secretary", "admin", "territoire_admin"])
def test_E04_admins_and_secretariat_use_every_motif(client, cast, who):
    MotifFactory(organisation=cast.organisation, service=service("pmi"), name="Pesée")
    found = read(client, cast, who, service="")
    assert {row.code for row in found.context["choices"].services} == {"social", "pmi"}
    assert "Pesée (Sur place)" in found.words
    assert "Choisissez un motif pour voir" in found.words


def test_E04_archived_motifs_are_not_proposed(client, cast):
    MotifFactory(organisation=cast.organisation, service=cast.social, archived_at=NOW)
    assert read(client, cast, "admin").context["choices"].motifs == [cast.motif]


def test_E04_without_a_motif_of_ones_own_the_page_says_why(client, cast):
    found = read(client, cast, "other_service", service="")
    assert "Aucun motif ne vous est ouvert" in found.words


def test_E04_the_only_motif_of_a_service_is_chosen(client, cast):
    other = MotifFactory(organisation=cast.organisation, service=service("pmi"))
    assert read(client, cast, "admin", service="").context["motif"] is None
    assert read(client, cast, "admin", service="pmi").context["motif"] == other
    # A motif of another service gives way to the service.
    mixed = read(client, cast, "admin", service="pmi", motif=str(cast.motif.uuid))
    assert mixed.context["motif"] == other


def test_E04_a_service_without_a_motif_left_is_every_service(client, cast):
    MotifFactory(organisation=cast.organisation, service=service("pmi"), name="Pesée")
    found = read(client, cast, "admin", service="logement")
    assert "Pesée (Sur place)" in found.words
    assert found.context["motif"] is None


def test_E04_equipes_add_to_the_agents(page, cast):
    third = AgentFactory(organisations=[cast.organisation], services=[cast.social])
    equipe = EquipeFactory(territoire=cast.territoire)
    for member in (cast.same_service, cast.elsewhere):
        EquipeAgent.objects.create(equipe=equipe, agent=member)
    for agent in (cast.same_service, third):
        plage(cast, agent)
    assert page().agents == {str(a.uuid) for a in (cast.owner, cast.same_service, third)}
    assert page(equipe=str(equipe.uuid)).agents == {str(cast.same_service.uuid)}
    both = page(equipe=str(equipe.uuid), agent=str(third.uuid))
    assert both.agents == {str(cast.same_service.uuid), str(third.uuid)}
    assert f"{equipe.name}, {third.full_name}" in both.words


def test_E04_equipes_without_a_visible_member_are_not_proposed(page, cast):
    equipe = EquipeFactory(territoire=cast.territoire, name="Équipe d’ailleurs")
    EquipeAgent.objects.create(equipe=equipe, agent=cast.elsewhere)
    assert "Équipe d’ailleurs" not in page("admin").text


def test_E04_several_lieux_are_listed_by_next_availability(page, cast):
    later, never = (
        LieuFactory(organisation=cast.organisation),
        LieuFactory(organisation=cast.organisation),
    )
    plage(cast, cast.owner, lieu=later, first_day=MONDAY + timedelta(days=30))
    plage(cast, cast.owner, lieu=never, start_time=time(9), end_time=time(9, 10))
    found = page()
    assert [line.lieu for line, _ in found.context["lines"]] == [cast.lieu, later, never]
    assert found.forms == []
    assert "Lundi 11 janvier 2027 à 9 h" in found.words
    assert "Mercredi 10 février 2027 à 9 h" in found.words
    assert "Aucune disponibilité dans les six mois" in found.words
    soon, distant, _ = (url for _, url in found.context["lines"])
    assert f"lieu={cast.lieu.uuid}" in soon
    assert "date=2027-01-11" in soon
    assert "date=2027-02-10" in distant


def test_E04_the_link_of_a_lieu_opens_its_week(client, cast):
    elsewhere = LieuFactory(organisation=cast.organisation)
    plage(cast, cast.same_service, lieu=elsewhere)
    found = read(client, cast, motif=str(cast.motif.uuid), **IN_WEEK)
    url = next(url for line, url in found.context["lines"] if line.lieu == elsewhere)
    week = SlotPage(client.get(url_of(cast) + url))
    assert {form["lieu"] for form in week.forms} == {str(elsewhere.uuid)}
    assert week.agents == {str(cast.same_service.uuid)}
    assert "Voir tous les lieux" in week.words


def test_E04_a_motif_without_lieu_goes_straight_to_the_week(client, cast):
    motif = MotifFactory(
        organisation=cast.organisation, service=cast.social, location_type="telephone"
    )
    for _ in range(2):
        lieu = LieuFactory(organisation=cast.organisation)
        plage(cast, cast.same_service, lieu=lieu, motifs=[motif])
    found = read(client, cast, motif=str(motif.uuid), **IN_WEEK)
    assert found.view == "week"
    assert len(found.forms) == 6
    assert all("lieu" not in form for form in found.forms)


def test_E04_an_empty_week_leads_to_the_next_availability(client, cast):
    found = read(client, cast, motif=str(cast.motif.uuid), date="2027-01-04")
    assert "Aucun créneau cette semaine" in found.words
    assert "lundi 11 janvier 2027 à 9 h" in found.words
    following = SlotPage(client.get(url_of(cast) + found.context["following_url"]))
    assert len(following.forms) == 5


def test_E04_weeks_turn_and_never_before_today(page, cast):
    first = page(date="2027-01-04")
    assert first.context["before_url"] == ""
    assert "date=2027-01-11" in first.context["after_url"]
    # Four days after today: the week before begins today, not in the past.
    assert "date=2027-01-04" in page(date="2027-01-08").context["before_url"]


@pytest.mark.parametrize("day", ["2026-12-01", "", "demain"])
def test_E04_no_day_before_today(page, day):
    found = page(date=day)
    assert found.context["criteria"].day == NOW.date()
    assert ("Le jour demandé est passé" in found.words) is (day == "2026-12-01")


def test_E04_delays_and_booking_level_do_not_bind_agents(page, cast):
    type(cast.motif).objects.update(booking_level="agents", min_delay_minutes=40_000)
    assert len(page().forms) == 5


def test_E04_a_public_holiday_says_its_name(client, cast):
    plage(cast, cast.owner, first_day=datetime(2027, 3, 30).date())
    found = read(client, cast, motif=str(cast.motif.uuid), date="2027-03-29")
    assert "Férié : Lundi de Pâques" in found.words


def test_E07_collective_motifs_list_their_workshops(client, cast):
    motif, soon = workshop_of(cast, title="Budget du mois")
    revoked = RdvFactory(motif=motif, lieu=cast.lieu, agents=[cast.owner], status="revoked",
                         starts_at=datetime(2027, 1, 12, 9, tzinfo=UTC))  # fmt: skip
    full = RdvFactory(motif=motif, lieu=cast.lieu, agents=[cast.owner], seats_total=1,
                      starts_at=datetime(2027, 1, 13, 9, tzinfo=UTC),
                      usagers=[UsagerFactory(territoire=cast.territoire)])  # fmt: skip
    endless = RdvFactory(motif=motif, lieu=cast.lieu, agents=[cast.same_service],
                         starts_at=datetime(2027, 1, 14, 9, tzinfo=UTC),
                         agents__overlap_accepted=True)  # fmt: skip
    found = read(client, cast, "same_service", motif=str(motif.uuid))
    assert [row.rdv for row in found.context["workshops"].found] == [soon, endless]
    assert "2 places libres" in found.words
    assert "Sans limite de places" in found.words
    assert "Budget du mois" in found.words
    link = reverse("planning:rdv_collectif_detail", args=[soon.uuid])
    assert link in found.text
    assert client.get(link).status_code == 200
    for hidden in (revoked, full):
        assert str(hidden.uuid) not in found.text
    filtered = read(client, cast, "same_service", motif=str(motif.uuid), agent=str(cast.owner.uuid))
    assert [row.rdv for row in filtered.context["workshops"].found] == [soon]


def test_E04_the_last_criteria_come_back(client, cast):
    criteria = {"motif": str(cast.motif.uuid), "agent": str(cast.owner.uuid), "date": "2027-01-12"}
    read(client, cast, "owner", **criteria)
    bare = client.get(url_of(cast))
    assert bare.status_code == 302
    assert f"agent={cast.owner.uuid}" in bare["Location"]
    assert "date=2027-01-12" in bare["Location"]
    elsewhere = reverse("planning:slot_search", args=[cast.elsewhere_organisation.uuid])
    assert client.get(elsewhere).status_code == 404


def test_E04_memory_is_of_one_organisation_and_one_agent(client, cast):
    read(client, cast, "admin", motif=str(cast.motif.uuid), agent=str(cast.owner.uuid))
    cast.sign_in(client, "secretary")
    assert client.get(url_of(cast)).status_code == 200


def test_E04_criteria_are_cleared(client, cast):
    read(client, cast, "owner", motif=str(cast.motif.uuid), agent=str(cast.owner.uuid))
    cleared = read(client, cast, "owner", motif="")
    assert not cleared.context["criteria"].filters_agents
    assert "agent=" not in client.get(url_of(cast))["Location"]


def test_decision_12_a_look_without_role_is_audited(page, cast):
    page("territoire_admin")
    page("admin")
    entry = AuditEntry.objects.get(action="slots_seen")
    assert (entry.agent, entry.organisation) == (cast.territoire_admin, cast.organisation)


def statements(client, url):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("criteria", ["", "&lieu={lieu}", "&agent={agent}&lieu={lieu}"])
def test_E04_as_many_statements_whatever_the_number_of_agents_and_lieux(client, cast, criteria):
    def grow(number):
        for _ in range(number):
            agent = AgentFactory(organisations=[cast.organisation], services=[cast.social])
            equipe = EquipeFactory(territoire=cast.territoire)
            EquipeAgent.objects.create(equipe=equipe, agent=agent)
            plage(cast, agent)
            plage(cast, agent, lieu=LieuFactory(organisation=cast.organisation))

    asked = f"?motif={cast.motif.uuid}&date={MONDAY}{criteria}"
    url = url_of(cast) + asked.format(lieu=cast.lieu.uuid, agent=cast.owner.uuid)
    cast.sign_in(client, "secretary")
    grow(1)
    client.get(url)
    few = statements(client, url)
    grow(6)
    assert statements(client, url) == few
    assert few <= 22
    assert PlageOuverture.objects.count() == 15
