"""E07: ten people want the last seat at the same instant, on ten connections."""

from __future__ import annotations

import pytest

from agents.queries.actor import agent_actor
from planning.models import Participation
from planning.services import agenda_lock
from planning.services.participation_register import WorkshopFull, register
from tests.factories import LieuFactory, MotifFactory, RdvFactory, UsagerFactory
from tests.factories.planning import NOW
from tests.integration.planning.test_rdv_book import World
from tests.integration.planning.test_rdv_book_race import Rush
from usagers.queries.actor import load_usager_actor

pytestmark = pytest.mark.django_db(transaction=True)

CONNECTIONS = 10
ROUNDS = 6


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    monkeypatch.setattr(agenda_lock, "PATIENCE", "60s")


def test_E07_the_last_seat_goes_to_one_person_only():
    world = World(agents=1)
    motif = MotifFactory(organisation=world.organisation, is_collective=True)
    lieu = LieuFactory(organisation=world.organisation)
    territoire = world.organisation.territoire
    people = [UsagerFactory(territoire=territoire, with_account=True) for _ in range(CONNECTIONS)]
    actors = [load_usager_actor(account_id=usager.account_id) for usager in people]
    actors[0] = agent_actor(world.agents[0])  # the desk is in the rush too
    with Rush(CONNECTIONS) as rush:
        for _ in range(ROUNDS):
            workshop = RdvFactory(
                motif=motif,
                lieu=lieu,
                seats_total=3,
                agents=world.agents,
                agents__overlap_accepted=True,
            )
            register(
                rdv_id=workshop.pk,
                usager_ids=[UsagerFactory(territoire=territoire).pk for _ in range(2)],
                actor=actors[0],
                now=NOW,
            )
            refused: list[str] = []

            def act(usager, actor, rdv=workshop, refused=refused):
                def run():
                    try:
                        register(rdv_id=rdv.pk, usager_ids=[usager.pk], actor=actor, now=NOW)
                    except WorkshopFull as full:
                        refused.append(full.message)

                return run

            ends = rush.run([act(*pair) for pair in zip(people, actors, strict=True)])
            assert ends == {"done": CONNECTIONS}
            assert len(refused) == CONNECTIONS - 1
            assert Participation.objects.active().filter(rdv=workshop).count() == 3
