"""E05, decision 10: several agents place a RDV at the same instant, on as many connections."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from agents.queries.actor import agent_actor
from planning.models import AgentRdv, Rdv
from planning.services import agenda_lock
from planning.services.rdv_create import NewRdv, create_rdv
from rdv.common.errors import DomainError
from tests.cast import the_cast
from tests.integration.planning.test_rdv_book import NOW
from tests.integration.planning.test_rdv_book_race import Rush

pytestmark = pytest.mark.django_db(transaction=True)

TEN = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    monkeypatch.setattr(agenda_lock, "PATIENCE", "60s")


@pytest.fixture
def cast(transactional_db):
    return the_cast()


def placing(cast, who, usager, **changes):
    fields = {
        "organisation_id": cast.organisation.pk,
        "motif_id": cast.motif.pk,
        "lieu_id": cast.lieu.pk,
        "starts_at": TEN,
        "ends_at": TEN + timedelta(minutes=30),
        "agent_ids": (cast.owner.pk, cast.same_service.pk),
        "usager_ids": (usager.pk,),
    }
    new = NewRdv(**fields | changes)
    actor = agent_actor(who)

    def act():
        try:
            create_rdv(fields=new, actor=actor, now=NOW)
        except DomainError as refused:
            return type(refused).__name__
        return "done"

    return act


def outcomes(acts):
    found: Counter[str] = Counter()
    with Rush(len(acts)) as rush:
        rush.run([lambda act=act: found.update([act()]) for act in acts])
    return found


def test_decision_10_two_agents_place_on_the_same_time_and_one_wins(cast):
    for day in range(5):
        start = TEN + timedelta(days=day)
        times = {"starts_at": start, "ends_at": start + timedelta(hours=1)}
        acts = [
            # Agendas named in the two orders: they are locked in one.
            placing(cast, cast.owner, cast.usager, **times),
            placing(
                cast,
                cast.same_service,
                cast.other_usager,
                **times,
                agent_ids=(cast.same_service.pk, cast.owner.pk),
            ),
        ]
        assert outcomes(acts) == {"done": 1, "AgendaBusy": 1}
        agents = AgentRdv.objects.filter(starts_at=start).values_list("agent", flat=True)
        assert sorted(agents) == sorted([cast.owner.pk, cast.same_service.pk])


def test_E05_a_double_click_places_one_rdv(cast):
    acts = [placing(cast, cast.owner, cast.usager, accepts_overlap=True) for _ in range(4)]
    assert outcomes(acts) == {"done": 1, "RdvDuplicated": 3}
    assert Rdv.objects.filter(starts_at=TEN).count() == 1


def test_decision_10_an_accepted_overlap_waits_for_the_other_and_is_marked(cast):
    acts = [
        placing(cast, cast.owner, cast.usager, accepts_overlap=True),
        placing(cast, cast.same_service, cast.other_usager, accepts_overlap=True),
    ]
    assert outcomes(acts) == {"done": 2}
    marks = AgentRdv.objects.filter(starts_at=TEN, agent=cast.owner)
    assert sorted(marks.values_list("overlap_accepted", flat=True)) == [False, True]
