"""Decision 10: an agent's exclusive RDVs never overlap, whatever wrote them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from planning.models import AgentRdv, Rdv
from tests.factories import AgentFactory, MotifFactory, RdvFactory
from tests.factories.planning import NOW
from tests.integration.constraints.doors import refused_by

pytestmark = pytest.mark.django_db
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def first(db):
    motif = MotifFactory(duration_minutes=30)
    return RdvFactory(motif=motif, agents=[AgentFactory(organisations=[motif.organisation])])


@pytest.fixture
def agent(first):
    return first.agents.get()


def another(first: Rdv, **fields) -> Rdv:
    """Return a RDV of the same motif and hour, without agent."""
    return RdvFactory(motif=first.motif, **fields)


def row(rdv: Rdv, agent, **fields) -> AgentRdv:
    """Return the unsaved row as a form would check it, with its copies."""
    return AgentRdv(rdv=rdv, agent=agent, starts_at=rdv.starts_at, ends_at=rdv.ends_at, **fields)


def check_and_insert(new: AgentRdv) -> None:
    new.full_clean()
    AgentRdv.objects.bulk_create([new])


def test_A06_same_hour_same_agent_is_refused_by_both(first, agent):
    new = row(another(first), agent)
    with pytest.raises(ValidationError, match="déjà un rendez-vous à cette heure"):
        new.full_clean()
    assert refused_by(lambda: AgentRdv.objects.bulk_create([new])) == "agent_rdv_no_overlap"


def test_A06_one_minute_in_common_is_refused(first, agent):
    late = another(first, starts_at=first.ends_at - timedelta(minutes=1))
    assert (
        refused_by(lambda: AgentRdv.objects.create(rdv=late, agent=agent)) == "agent_rdv_no_overlap"
    )


def test_A06_same_hour_other_agent_passes(first):
    check_and_insert(row(another(first), AgentFactory()))


def test_A06_touching_rdvs_pass(first, agent):
    check_and_insert(row(another(first, starts_at=first.ends_at), agent))
    check_and_insert(row(another(first, starts_at=first.starts_at - HALF_HOUR), agent))


def test_A06_an_accepted_overlap_passes(first, agent):
    check_and_insert(row(another(first), agent, overlap_accepted=True))


def test_A06_an_accepted_overlap_does_not_open_the_door_to_others(first, agent):
    check_and_insert(row(another(first), agent, overlap_accepted=True))
    third = another(first)
    assert (
        refused_by(lambda: AgentRdv.objects.create(rdv=third, agent=agent))
        == "agent_rdv_no_overlap"
    )


@pytest.mark.parametrize("status", ["excused", "revoked"])
def test_A06_a_cancelled_rdv_frees_its_time(first, agent, status):
    Rdv.objects.filter(pk=first.pk).update(status=status, cancelled_at=NOW)
    assert AgentRdv.objects.get(rdv=first).holds_time is False
    check_and_insert(row(another(first), agent))


@pytest.mark.parametrize("status", ["seen", "noshow"])
def test_A06_a_past_rdv_keeps_its_time(first, agent, status):
    Rdv.objects.filter(pk=first.pk).update(status=status)
    new = row(another(first), agent)
    assert refused_by(lambda: AgentRdv.objects.bulk_create([new])) == "agent_rdv_no_overlap"


def test_A06_a_hidden_rdv_frees_its_time(first, agent):
    Rdv.objects.filter(pk=first.pk).update(hidden_at=NOW)
    check_and_insert(row(another(first), agent))


def test_A06_a_rdv_cannot_come_back_on_a_time_taken_since(first, agent):
    Rdv.objects.filter(pk=first.pk).update(status="revoked", cancelled_at=NOW)
    check_and_insert(row(another(first), agent))
    back = Rdv.objects.filter(pk=first.pk)
    assert (
        refused_by(lambda: back.update(status="unknown", cancelled_at=None))
        == "agent_rdv_no_overlap"
    )


def test_A06_moving_a_rdv_moves_it_in_the_agenda(first):
    start = first.starts_at + timedelta(days=2)
    Rdv.objects.filter(pk=first.pk).update(starts_at=start, ends_at=start + HALF_HOUR)
    copy = AgentRdv.objects.get(rdv=first)
    assert (copy.starts_at, copy.ends_at) == (start, start + HALF_HOUR)


def test_A06_moving_a_rdv_onto_another_is_refused(first, agent):
    later = another(first, starts_at=first.ends_at)
    AgentRdv.objects.create(rdv=later, agent=agent)
    move = Rdv.objects.filter(pk=later.pk)
    assert refused_by(lambda: move.update(starts_at=first.starts_at)) == "agent_rdv_no_overlap"
    later.refresh_from_db()
    assert later.starts_at == first.ends_at


def test_A06_the_copies_cannot_be_written_by_hand(first):
    AgentRdv.objects.filter(rdv=first).update(
        starts_at=NOW, ends_at=NOW + HALF_HOUR, holds_time=False
    )
    copy = AgentRdv.objects.get(rdv=first)
    assert (copy.starts_at, copy.ends_at, copy.holds_time) == (first.starts_at, first.ends_at, True)
