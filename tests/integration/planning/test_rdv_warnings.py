"""Planning §6.8: what an agent is warned of, and what stays hidden from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from planning.models import PlageException
from planning.queries.rdv_warnings import Kind, Proposal, warnings_for
from tests.factories import (
    AgentFactory,
    IndisponibiliteFactory,
    LieuFactory,
    MotifFactory,
    PlageOuvertureFactory,
    RdvFactory,
    UsagerFactory,
    service,
)
from usagers.models import Referent

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 8, 9, 0, tzinfo=UTC)
TEN = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Paris
HALF = timedelta(minutes=30)


@pytest.fixture
def proposal(cast):
    return Proposal(
        organisation=cast.organisation,
        motif=cast.motif,
        starts_at=TEN,
        ends_at=TEN + HALF,
        lieu_id=cast.lieu.pk,
        agent_ids=(cast.owner.pk,),
        usager_ids=(cast.usager.pk,),
    )


def warned(cast, proposal, who="owner", now=NOW):
    return [(w.kind, w.text) for w in warnings_for(proposal, actor=cast.actor(who), now=now)]


def kinds(cast, proposal, who="owner", now=NOW):
    return [kind for kind, _text in warned(cast, proposal, who, now)]


def test_6_8_outside_any_opening_is_no_warning(cast, proposal):
    assert warned(cast, proposal) == []


def test_38_a_follow_up_with_somebody_who_is_no_referent(cast, proposal):
    cast.motif.is_follow_up = True
    kind, text = warned(cast, proposal)[0]
    assert (kind, cast.owner.full_name in text) == (Kind.NOT_REFERENT, True)
    Referent.objects.create(usager=cast.usager, agent=cast.owner)
    assert warned(cast, proposal) == []


def test_6_8_in_the_past(cast, proposal):
    assert kinds(cast, proposal, now=TEN) == [Kind.PAST]
    assert kinds(cast, proposal, now=TEN - timedelta(seconds=1)) == []


def test_6_8_public_holiday_of_the_zone(cast, proposal):
    may_8 = replace(
        proposal,
        starts_at=datetime(2028, 5, 8, 8, tzinfo=UTC),
        ends_at=datetime(2028, 5, 8, 9, tzinfo=UTC),
    )
    assert [kind for kind, _ in warned(cast, may_8)] == [Kind.HOLIDAY]
    assert "lundi 8 mai 2028" in warned(cast, may_8)[0][1]


def test_6_8_overlap_in_full_for_who_may_read_it(cast, proposal):
    other = cast.other_usager
    RdvFactory(motif=cast.motif, agents=[cast.owner], usagers=[other], starts_at=TEN - HALF / 2)
    (kind, text) = warned(cast, proposal)[0]
    assert kind == Kind.OVERLAP
    assert f"de 9 h 45 à 10 h 15 ({other.full_name}, {cast.motif.name})" in text


def test_decision_8_overlap_outside_the_scope_is_only_occupied(cast, proposal):
    pmi = MotifFactory(organisation=cast.organisation, service=service("pmi"))
    person = UsagerFactory(territoire=cast.territoire, last_name="Secret")
    RdvFactory(motif=pmi, agents=[cast.owner], usagers=[person], starts_at=TEN)
    kind, text = warned(cast, proposal, "same_service")[0]
    assert kind == Kind.OVERLAP
    assert text == f"{cast.owner.full_name} est occupé de 10 h à 10 h 30."
    assert "SECRET" in warned(cast, proposal, "secretary")[0][1]


@pytest.mark.parametrize("state", [{"status": "revoked"}, {"hidden_at": NOW}])
def test_6_8_what_holds_no_time_does_not_overlap(cast, proposal, state):
    RdvFactory(motif=cast.motif, agents=[cast.owner], starts_at=TEN, **state)
    assert warned(cast, proposal) == []


def test_6_8_the_rdv_that_moves_is_not_its_own_obstacle(cast, proposal):
    rdv = RdvFactory(
        motif=cast.motif, agents=[cast.owner], usagers=[cast.usager], starts_at=TEN - HALF / 2
    )
    assert Kind.OVERLAP in kinds(cast, proposal)
    assert kinds(cast, replace(proposal, rdv_id=rdv.pk)) == []


@pytest.mark.parametrize(
    ("minutes_before", "warns"), [(0, False), (1, True), (20, True), (46, True), (47, False)]
)
def test_6_8_a_hole_of_1_to_46_minutes(cast, proposal, minutes_before, warns):
    end = TEN - timedelta(minutes=minutes_before)
    RdvFactory(motif=cast.motif, agents=[cast.owner], starts_at=end - HALF, ends_at=end)
    assert kinds(cast, proposal) == ([Kind.HOLE] if warns else [])


def test_6_8_no_hole_when_another_rdv_ends_right_before_or_in_the_past(cast, proposal):
    common = {"motif": cast.motif, "agents": [cast.owner]}
    RdvFactory(**common, starts_at=TEN - timedelta(minutes=60), ends_at=TEN - HALF)
    assert kinds(cast, proposal) == [Kind.HOLE]
    assert kinds(cast, proposal, now=TEN + HALF) == [Kind.PAST]
    RdvFactory(**common, starts_at=TEN - HALF, ends_at=TEN)
    assert kinds(cast, proposal) == []


def test_6_8_absence_with_its_title_for_who_may_edit_it(cast, proposal):
    IndisponibiliteFactory(agent=cast.owner, first_day=TEN.date(), title="Rendez-vous médical")
    kind, text = warned(cast, proposal)[0]
    assert (kind, "Rendez-vous médical" in text) == (Kind.ABSENCE, True)
    kind, text = warned(cast, proposal, "other_service")[0]
    assert text == f"{cast.owner.full_name} est indisponible à cette heure."


def test_6_8_absences_of_other_hours_and_days_do_not_warn(cast, proposal):
    IndisponibiliteFactory(agent=cast.owner, first_day=TEN.date() + timedelta(days=1))
    late = IndisponibiliteFactory(agent=cast.owner, first_day=TEN.date())
    late.start_time, late.end_time = late.end_time.replace(hour=11), late.end_time
    late.save()
    assert warned(cast, proposal) == []


def test_6_8_an_opening_in_another_lieu(cast, proposal):
    there = LieuFactory(organisation=cast.organisation, name="Antenne nord")
    plage = PlageOuvertureFactory(lieu=there, agent=cast.owner, first_day=TEN.date())
    kind, text = warned(cast, proposal)[0]
    assert (kind, "Antenne nord" in text) == (Kind.OTHER_LIEU, True)
    assert warned(cast, replace(proposal, lieu_id=there.pk)) == []
    assert warned(cast, replace(proposal, lieu_id=None)) == []
    PlageException.objects.create(plage=plage, day=plage.first_day)
    plage.frequency, plage.weekdays = "weekly", [plage.first_day.weekday()]
    plage.save()
    assert warned(cast, proposal) == []  # that occurrence was left out


def test_decision_8_an_opening_of_another_organisation_hides_its_lieu(cast, proposal):
    both = AgentFactory(
        organisations=[cast.organisation, cast.elsewhere_organisation], services=[cast.social]
    )
    there = LieuFactory(organisation=cast.elsewhere_organisation, name="Foyer discret")
    PlageOuvertureFactory(lieu=there, agent=both, first_day=TEN.date())
    kind, text = warned(cast, replace(proposal, agent_ids=(both.pk,)))[0]
    assert (kind, "Foyer" in text) == (Kind.OTHER_LIEU, False)


def test_6_8_same_person_same_motif_same_day(cast, proposal):
    evening = datetime(2027, 1, 12, 22, 30, tzinfo=UTC)  # 23:30 in Paris, still that day
    RdvFactory(motif=cast.motif, usagers=[cast.usager], starts_at=evening)
    RdvFactory(motif=cast.motif, usagers=[cast.usager], starts_at=evening + timedelta(hours=1))
    RdvFactory(motif=cast.motif, usagers=[cast.other_usager], starts_at=evening)
    assert warned(cast, proposal) == [
        (
            Kind.SAME_DAY,
            f"{cast.usager.full_name} a déjà un RDV pour ce motif ce jour-là, à 23 h 30.",
        )
    ]


def test_6_8_the_number_of_statements_does_not_grow(cast, proposal):
    def count(wanted):
        actor = cast.actor("admin")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = warnings_for(wanted, actor=actor, now=NOW)
        return len(queries), len(found)

    def fill(agent):
        person = UsagerFactory(territoire=cast.territoire)
        RdvFactory(motif=cast.motif, agents=[agent], usagers=[person], starts_at=TEN)
        IndisponibiliteFactory(agent=agent, first_day=TEN.date())
        lieu = LieuFactory(organisation=cast.organisation)
        PlageOuvertureFactory(lieu=lieu, agent=agent, first_day=TEN.date())

    fill(cast.owner)
    few, found = count(proposal)
    agents = [
        AgentFactory(organisations=[cast.organisation], services=[cast.social]) for _ in range(5)
    ]
    for agent in agents:
        fill(agent)
    many, more = count(replace(proposal, agent_ids=(cast.owner.pk, *(a.pk for a in agents))))
    assert (found, more) == (3, 18)
    assert few == many <= 10
