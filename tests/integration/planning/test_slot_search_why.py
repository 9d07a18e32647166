"""E04: a search that finds nothing says why, from the rows, and offers only what helps."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from planning.models import PlageOuverture
from tests.factories import (
    AgentFactory,
    EquipeFactory,
    IndisponibiliteFactory,
    LieuFactory,
    MotifFactory,
    PlageOuvertureFactory,
    RdvFactory,
    UsagerFactory,
    service,
)
from tests.factories.planning import MONDAY, NOW
from tests.integration.planning.slot_world import read, url_of

pytestmark = pytest.mark.django_db
EASTER_MONDAY = date(2027, 3, 29)


@pytest.fixture(autouse=True)
def _a_week_before(cast):
    """The cast's only absence covers the only plage."""
    cast.indisponibilite.delete()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def page(client, cast):
    def get(who="owner", **criteria):
        found = read(client, cast, who, **({"motif": str(cast.motif.uuid)} | criteria))
        assert found.view == "nothing"
        assert "Aucun créneau dans les six mois" in found.words
        return found

    return get


def colleague(cast, **options):
    options = {"organisations": [cast.organisation], "services": [cast.social]} | options
    return AgentFactory(**options)


def open_link(cast, agent):
    return reverse("planning:plage_ouverture_create", args=[cast.organisation.uuid, agent.uuid])


def test_E04_why_no_plage_for_the_motif(page, cast):
    cast.plage.delete()
    found = page()
    assert found.lacks == ["no_plage"]
    assert "n’a de plage d’ouverture pour ce motif" in found.words
    assert open_link(cast, cast.owner) in found.text


def test_E04_why_a_secretary_is_told_whom_to_ask(page, cast):
    cast.plage.delete()
    found = page("secretary")
    assert "plages/nouvelle/" not in found.text
    assert f"Demandez à un agent du service « {cast.social.name} »" in found.words


def test_E04_why_an_admin_opens_a_plage_of_the_chosen_agent(page, cast):
    cast.plage.delete()
    found = page("admin", agent=str(cast.same_service.uuid))
    assert open_link(cast, cast.same_service) in found.text


def test_E04_why_no_agent_of_the_service(page, cast):
    motif = MotifFactory(organisation=cast.organisation, service=service("logement"))
    found = page("admin", motif=str(motif.uuid))
    assert found.lacks == ["no_agent"]
    assert f"Aucun agent du service « {motif.service.name} »" in found.words


def test_E04_why_plages_only_in_agendas_that_one_does_not_see(page, cast):
    cast.plage.delete()
    PlageOuvertureFactory(lieu=cast.lieu, agent=cast.other_service, motifs=[cast.motif])
    found = page("owner")
    assert found.lacks == ["no_plage"]
    assert cast.other_service.full_name not in found.text


def test_E04_why_the_agent_has_left(page, cast):
    type(cast.owner).objects.filter(pk=cast.owner.pk).update(deactivated_at=NOW)
    assert page("same_service").lacks == ["no_plage"]


def test_E04_why_plages_are_over(page):
    found = page(date=(MONDAY + timedelta(days=1)).isoformat())
    assert found.lacks == ["plages_over"]
    assert "la dernière s’arrêtait le lundi 11 janvier 2027" in found.words


def test_E04_why_plages_begin_in_more_than_six_months(page, cast):
    PlageOuverture.objects.update(first_day=date(2027, 9, 6))
    found = page()
    assert found.lacks == ["plages_later"]
    assert "Chercher plus tard : premier créneau lundi 6 septembre 2027 à 9 h" in found.words
    assert "date=2027-09-06" in found.context["later_url"]


def test_E04_why_the_plage_of_today_is_behind(page, cast):
    PlageOuverture.objects.update(first_day=NOW.date(), start_time=time(6), end_time=time(8))
    assert page().lacks == ["plages_over"]


@pytest.mark.parametrize(("who", "edits"), [("owner", False), ("admin", True)])
def test_E04_why_the_lieu_is_closed(page, cast, who, edits):
    type(cast.lieu).objects.update(availability="closed")
    found = page(who)
    assert found.lacks == ["lieu_closed"]
    assert f"Le lieu est fermé : {cast.lieu.name}" in found.words
    assert ("Rouvrir un lieu" in found.words) is edits


def test_E04_why_the_chosen_lieu_is_closed(page, cast):
    closed = LieuFactory(organisation=cast.organisation, availability="closed")
    found = page(lieu=str(closed.uuid))
    assert found.lacks == ["lieu_closed"]
    assert f"Le lieu est fermé : {closed.name}" in found.words
    assert "Chercher dans tous les lieux" in found.words
    assert "premier créneau lundi 11 janvier 2027 à 9 h" in found.words


def test_E04_why_a_lieu_unknown_here_is_not_everywhere(page, cast):
    other = LieuFactory()
    found = page(lieu=str(other.uuid))
    assert found.lacks == ["lieu_closed"]
    assert other.name not in found.text


def test_E04_why_the_chosen_lieu_has_no_plage(page, cast):
    empty = LieuFactory(organisation=cast.organisation)
    found = page(lieu=str(empty.uuid))
    assert found.lacks == ["lieux_without_plage"]
    assert empty.name in found.words
    assert "Chercher dans tous les lieux" in found.words


def test_E04_why_the_chosen_agents_have_no_plage(page, cast):
    found = page(agent=str(cast.same_service.uuid))
    assert found.lacks == ["agents_without_plage"]
    assert f"pour ce motif : {cast.same_service.full_name}" in found.words
    assert "Chercher avec tous les agents" in found.words
    assert "agent=" not in found.context["without_agents_url"]


def test_E04_why_both_choices_together(page, cast):
    empty = LieuFactory(organisation=cast.organisation)
    found = page(agent=str(cast.same_service.uuid), lieu=str(empty.uuid))
    assert "Chercher avec tous les agents, dans tous les lieux" in found.words
    assert "Chercher avec tous les agents :" not in found.words


@pytest.mark.parametrize("chosen", ["equipe", "agent"])
def test_E04_why_a_choice_that_is_nobody(page, cast, chosen):
    equipe = EquipeFactory(territoire=cast.territoire)
    key = {"equipe": equipe.uuid, "agent": cast.elsewhere.uuid}[chosen]
    found = page(**{chosen: str(key)})
    assert found.lacks == ["nobody_chosen"]
    assert "ne désigne personne" in found.words
    assert "Chercher avec tous les agents" in found.words


def test_E04_why_plages_are_shorter_than_the_rdv(page, cast):
    type(cast.motif).objects.update(duration_minutes=240)
    found = page()
    assert found.lacks == ["too_short"]
    assert "plus courtes que le RDV (4 h)" in found.words


def test_E04_why_public_holidays(page, cast):
    PlageOuverture.objects.update(first_day=EASTER_MONDAY)
    assert page().lacks == ["holidays"]


def test_E04_why_absent(page, cast):
    IndisponibiliteFactory(agent=cast.owner, title="Hôpital")
    found = page()
    assert found.lacks == ["absent"]
    assert f"Absent pendant toutes ses plages d’ouverture : {cast.owner.full_name}" in found.words
    assert "Hôpital" not in found.text
    agenda = reverse("planning:agenda_of", args=[cast.organisation.uuid, cast.owner.uuid])
    assert agenda in found.text


def test_E04_why_absent_for_months_looks_beyond(page, cast):
    PlageOuverture.objects.update(frequency="weekly", weekdays=[0])
    IndisponibiliteFactory(agent=cast.owner, end_day=date(2027, 8, 1))
    found = page()
    assert found.lacks == ["absent"]
    assert "Chercher plus tard : premier créneau lundi 2 août 2027 à 9 h" in found.words


def fill(cast, agent, hours=range(8, 11)):
    for hour in hours:
        for minute in (0, 30):
            start = datetime(2027, 1, 11, hour, minute, tzinfo=UTC)
            if agent == cast.owner and start == cast.rdv.starts_at:
                continue
            RdvFactory(motif=cast.motif, lieu=cast.lieu, agents=[agent], starts_at=start)


def test_E04_why_full_and_absent_agents_are_told_apart(page, cast):
    other = colleague(cast)
    PlageOuvertureFactory(lieu=cast.lieu, agent=other, motifs=[cast.motif])
    IndisponibiliteFactory(agent=other)
    fill(cast, cast.owner)
    found = page()
    assert found.lacks == ["absent", "full"]
    assert f"Complet sur toutes ses plages d’ouverture : {cast.owner.full_name}" in found.words
    assert f"Absent pendant toutes ses plages d’ouverture : {other.full_name}" in found.words


def test_E04_why_absent_part_of_the_time_and_full_the_rest(page, cast):
    fill(cast, cast.owner, hours=range(8, 10))
    IndisponibiliteFactory(agent=cast.owner, start_time=time(11), end_time=time(18))
    assert page().lacks == ["absent_or_full"]


def test_E15_why_the_plage_has_its_rdvs_of_the_day(page, cast):
    """Hours are left, RDVs are not: nothing overlaps, and yet it is full."""
    PlageOuverture.objects.update(max_rdvs_per_day=1)
    assert page().lacks == ["full"]


def test_E04_why_rdvs_elsewhere_fill_the_agenda_and_stay_secret(page, cast):
    other = MotifFactory(duration_minutes=240, name="Secret")
    RdvFactory(motif=other, agents=[cast.owner], starts_at=datetime(2027, 1, 11, 7, tzinfo=UTC),
               agents__overlap_accepted=True)  # fmt: skip
    found = page()
    assert found.lacks == ["full"]
    assert "Secret" not in found.text


def test_E04_why_several_lieux_without_anything(page, cast):
    PlageOuvertureFactory(
        lieu=LieuFactory(organisation=cast.organisation), agent=cast.owner, motifs=[cast.motif]
    )
    IndisponibiliteFactory(agent=cast.owner)
    assert page().lacks == ["absent"]


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("none", "Aucun RDV collectif n’est prévu"),
        ("past", "Aucun RDV collectif n’est prévu"),
        ("revoked", "Aucun RDV collectif n’est prévu"),
        ("full", "Le seul RDV collectif à venir est complet"),
        ("filtered", "pas avec ces agents ou dans ces lieux"),
    ],
)
def test_E07_why_no_workshop(client, cast, case, says):
    motif = MotifFactory(organisation=cast.organisation, service=cast.social, is_collective=True)
    options = {
        "past": {"starts_at": NOW - timedelta(days=1)},
        "revoked": {"status": "revoked"},
        "full": {"seats_total": 1, "usagers": [UsagerFactory(territoire=cast.territoire)]},
        "filtered": {},
    }
    if case != "none":
        place = {"motif": motif, "lieu": cast.lieu, "agents": [cast.same_service]}
        RdvFactory(**place, **options[case])
    asked = {"agent": str(cast.owner.uuid)} if case == "filtered" else {}
    assert says in read(client, cast, motif=str(motif.uuid), **asked).words


def test_E04_why_takes_as_many_statements_whatever_the_number_of_agents(client, cast):
    def grow(number):
        for _ in range(number):
            agent = colleague(cast)
            PlageOuvertureFactory(lieu=cast.lieu, agent=agent, motifs=[cast.motif])
            IndisponibiliteFactory(agent=agent)
            RdvFactory(motif=cast.motif, lieu=cast.lieu, agents=[agent])

    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).context["view"] == "nothing"
        return len(captured)

    IndisponibiliteFactory(agent=cast.owner)
    url = f"{url_of(cast)}?motif={cast.motif.uuid}"
    cast.sign_in(client, "same_service")
    grow(2)
    client.get(url)
    few = statements()
    grow(5)
    assert statements() == few
    assert few <= 45
