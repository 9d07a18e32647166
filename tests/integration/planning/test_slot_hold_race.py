"""Decision 19: visitors want the last créneau at the same instant, on as many connections."""

from __future__ import annotations

import pytest

from agents.permissions import AgentActor
from planning.models import AgentRdv, SlotHold
from planning.rules.holder import holder_digest
from planning.services import agenda_lock
from planning.services.slot_hold import purge_slot_holds
from tests.integration.planning.test_rdv_book import NINE, World
from tests.integration.planning.test_rdv_book_race import Rush
from tests.integration.planning.test_slot_hold import HALF_HOUR, NOW, hold

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    monkeypatch.setattr(agenda_lock, "PATIENCE", "60s")


def test_decision_19_ten_visitors_one_creneau_one_hold():
    world = World(agents=1)
    visitors = [f"visitor {number}" for number in range(10)]
    with Rush(len(visitors)) as rush:
        for _ in range(ROUNDS):
            ends = rush.run([lambda who=who: hold(world, visitor=who) for who in visitors])
            assert ends == {"done": 1, "SlotTaken": len(visitors) - 1}
            assert SlotHold.objects.get().holder in set(map(holder_digest, visitors))
            SlotHold.objects.all().delete()


def test_decision_19_holding_and_booking_at_once_give_the_time_to_one():
    """Whoever is first: the holder books, or the other has booked and the holder is refused."""
    world = World(agents=1)
    people = [world.usager() for _ in range(4)]
    acts = [lambda: hold(world, visitor="ana")]
    acts += [lambda who=who: world.book(who, visitor=f"v{who.pk}") for who in people]
    with Rush(len(acts)) as rush:
        ends = rush.run(acts)
    assert ends == {"done": 1, "SlotTaken": len(people)}
    assert AgentRdv.objects.count() + SlotHold.objects.count() == 1


def test_decision_19_an_agent_books_while_a_visitor_confirms():
    world = World(agents=1)
    hold(world, visitor="ana")
    usager = world.usager()
    desk = AgentActor(agent_id=world.agents[0].pk)
    with Rush(2) as rush:
        ends = rush.run([lambda: world.book(usager, visitor="ana"), lambda: world.book(actor=desk)])
    assert ends == {"done": 1, "SlotTaken": 1}
    assert AgentRdv.objects.count() == 1


def test_decision_19_one_visitor_in_many_tabs_keeps_one_hold():
    world = World(agents=2)
    starts = [NINE + HALF_HOUR * number for number in range(5)]
    acts = [lambda at=at: hold(world, starts_at=at) for at in starts]
    acts += [lambda: purge_slot_holds(now=NOW)]
    with Rush(len(acts)) as rush:
        assert rush.run(acts) == {"done": len(acts)}
    assert SlotHold.objects.count() == 1
