"""E06, A06: an agent moves a RDV while the public books the same time, on two connections."""

from __future__ import annotations

import pytest

from agents.queries.actor import agent_actor
from planning.models import AgentRdv, Rdv
from planning.services import agenda_lock
from planning.services.rdv_edit import AgendaBusy, move_rdv
from planning.services.rdv_status import set_rdv_status
from tests.integration.planning.test_rdv_book import NINE, NOW, World
from tests.integration.planning.test_rdv_book_race import (
    Rush,
    assert_agendas_are_true,
    booking,
    open_every_monday,
    rounds,
)

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 8


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    monkeypatch.setattr(agenda_lock, "PATIENCE", "60s")


def quietly(act):
    """A refusal by name is an end like another for `Rush`."""

    def run():
        try:
            act()
        except AgendaBusy:
            ends.append("busy")
        else:
            ends.append("taken")

    ends: list[str] = []
    run.ends = ends
    return run


def test_E06_a_move_and_a_booking_of_the_same_time_one_wins():
    world = World(agents=1)
    open_every_monday(world)
    usagers = [world.usager() for _ in range(ROUNDS + 1)]
    actor = agent_actor(world.agents[0])
    moved = booking(world, usagers[-1], NINE)()
    times = list(rounds(world))[1 : ROUNDS + 1]
    with Rush(2) as rush:
        for usager, starts_at in zip(usagers, times, strict=False):
            move = quietly(
                lambda at=starts_at: move_rdv(
                    rdv_id=moved.pk,
                    starts_at=at,
                    ends_at=at + (moved.ends_at - moved.starts_at),
                    actor=actor,
                    now=NOW,
                )
            )
            ends = rush.run([move, booking(world, usager, starts_at)])
            booked = ends["done"] == 2
            assert booked == (move.ends == ["busy"])
            assert AgentRdv.objects.filter(starts_at=starts_at, holds_time=True).count() == 1
            assert_agendas_are_true()


def test_E12_a_restore_and_a_booking_of_the_same_time_one_wins():
    world = World(agents=1)
    actor = agent_actor(world.agents[0])
    first = booking(world, world.usager(), NINE)()
    usagers = [world.usager() for _ in range(ROUNDS)]
    with Rush(2) as rush:
        for usager in usagers:
            Rdv.objects.update(status="revoked", cancelled_at=NOW)
            restore = quietly(
                lambda: set_rdv_status(rdv_id=first.pk, status="unknown", actor=actor, now=NOW)
            )
            rush.run([restore, booking(world, usager, NINE)])
            assert AgentRdv.objects.filter(starts_at=NINE, holds_time=True).count() == 1
            assert_agendas_are_true()
