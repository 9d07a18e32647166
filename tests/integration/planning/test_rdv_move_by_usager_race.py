"""A08, A06: two people move onto one créneau; a move meets a cancellation; the server dies."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notifications.models import OutboxMessage
from planning.models import AgentRdv, Rdv, RdvEvent
from planning.services import agenda_lock, rdv_move_by_usager
from planning.services.rdv_book import SlotTaken
from planning.services.rdv_move_by_usager import RdvNotMovable, move_rdv_by_usager
from tests.factories import RdvFactory
from tests.integration.planning.test_rdv_book import NINE, NOW, World, usager_actor
from tests.integration.planning.test_rdv_book_race import (
    Rush,
    assert_agendas_are_true,
    booking,
    cancelling,
)
from tests.processes import run_killed

pytestmark = pytest.mark.django_db(transaction=True)

HALF_HOUR = timedelta(minutes=30)
WANTED = NINE + 4 * HALF_HOUR
ROUNDS = 5


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    monkeypatch.setattr(agenda_lock, "PATIENCE", "60s")


def moving(rdv, usager, starts_at=WANTED):
    def act():
        try:
            move_rdv_by_usager(
                rdv_id=rdv.pk,
                lieu_id=rdv.lieu_id,
                starts_at=starts_at,
                actor=usager_actor(usager),
                now=NOW,
            )
        except RdvNotMovable as refused:
            raise SlotTaken(refused.message) from None

    return act


def free_again():
    Rdv.objects.filter(cancelled_at=None).update(status="revoked", cancelled_at=NOW)


@pytest.mark.parametrize("locks", [True, False])
def test_A08_two_movers_and_a_newcomer_want_one_creneau(monkeypatch, locks):
    """One wins, the others stay where they were; without the lock the constraint says so."""
    if not locks:
        monkeypatch.setattr(rdv_move_by_usager, "lock_agendas", lambda _agents: None)
    world = World(agents=1)
    people = [world.usager() for _ in range(3)]
    with Rush(3) as rush:
        for _ in range(ROUNDS):
            rdvs = [booking(world, who, NINE + HALF_HOUR * n)() for n, who in enumerate(people[:2])]
            acts = [moving(rdv, who) for rdv, who in zip(rdvs, people, strict=False)]
            ends = rush.run([*acts, booking(world, people[2], WANTED)])
            assert ends.pop("done") == 1, ends
            starts = AgentRdv.objects.filter(holds_time=True).values_list("starts_at", flat=True)
            assert list(starts).count(WANTED) == 1
            for number, rdv in enumerate(rdvs):
                rdv.refresh_from_db()
                assert rdv.starts_at in {WANTED, NINE + HALF_HOUR * number}
            assert_agendas_are_true()
            free_again()


def test_A08_moving_while_an_agent_cancels_and_oneself_clicks_twice():
    """Cancelled it stays, wherever it stands; two clicks move once and say it once."""
    world = World(agents=2)
    lea = world.usager()
    with Rush(3) as rush:
        for _ in range(ROUNDS):
            rdv = booking(world, lea, NINE)()
            rush.run([moving(rdv, lea), moving(rdv, lea), cancelling(rdv)])
            rdv.refresh_from_db()
            assert rdv.is_cancelled
            assert rdv.starts_at in {NINE, WANTED}
            assert_agendas_are_true()
            rdv = booking(world, lea, NINE)()
            OutboxMessage.objects.all().delete()
            assert rush.run([moving(rdv, lea)] * 3) == {"done": 3}
            assert OutboxMessage.objects.filter(kind="rdv_changed", channel="email").count() == 1
            free_again()


def test_A08_two_people_swap_their_agents_without_waiting_for_each_other():
    """Opposite moves take the two agendas in one order: no deadlock."""
    world = World(agents=2)
    people = [world.usager() for _ in range(2)]
    with Rush(2) as rush:
        for _ in range(ROUNDS):
            first, second = (booking(world, who, NINE)() for who in people)
            ends = rush.run(
                [
                    moving(first, people[0], NINE + HALF_HOUR),
                    moving(second, people[1], NINE + HALF_HOUR),
                ]
            )
            assert ends == {"done": 2}
            assert_true_pairs()
            free_again()


def assert_true_pairs():
    rows = AgentRdv.objects.filter(holds_time=True).values_list("agent", "starts_at")
    assert len(set(rows)) == len(rows) == 2


@pytest.mark.processes
@pytest.mark.parametrize("point", ["before the commit", "after the commit"])
def test_A08_a_server_killed_while_moving_leaves_all_or_nothing(point):
    """Row, agendas, history and what is said to all three stand or fall together."""
    world = World(agents=2)
    lea = world.usager()
    rdv = booking(world, lea, NINE)()
    old, new = world.agents
    RdvFactory(agents=[old], starts_at=WANTED)  # the move changes hands
    OutboxMessage.objects.all().delete()
    numbers = [str(key) for key in (rdv.pk, rdv.lieu_id, lea.pk)]
    script = "tests.integration.planning.rdv_move_killed"
    run_killed(script, point, *numbers, WANTED.isoformat(), NOW.isoformat())
    rdv.refresh_from_db()
    is_moved = point == "after the commit"
    assert rdv.starts_at == (WANTED if is_moved else NINE)
    assert rdv.agents.get() == (new if is_moved else old)
    assert RdvEvent.objects.filter(rdv=rdv, action="moved").exists() == is_moved
    kinds = {"rdv_changed", "rdv_created_agent", "rdv_removed_agent"}
    said = set(OutboxMessage.objects.values_list("kind", flat=True))
    assert said == (kinds if is_moved else set())
    # The person tries again: done once, said once.
    moving(rdv, lea)()
    assert OutboxMessage.objects.filter(kind="rdv_changed", channel="email").count() == 1
