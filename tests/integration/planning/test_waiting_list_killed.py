"""Decision 28: a worker killed, -9, loses no offer and repeats none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from planning.models import SlotHold, WaitingListOffer
from planning.services.waiting_list_offer import offer_waiting_list
from tests.integration.planning.waiting_world import NOW, WaitingWorld, told
from tests.processes import run_killed

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
MINUTE = timedelta(minutes=1)
ANA, BOB = "ana@exemple.fr", "bob@exemple.fr"


@pytest.mark.parametrize(
    ("point", "already"),
    [
        ("between hold and message", []),
        ("between message and commit", []),
        ("at the second person", [ANA]),
    ],
)
def test_decision_28_killed_worker_loses_nothing_and_offers_once(point, already):
    world = WaitingWorld()
    world.wait(ANA)
    world.wait(BOB, at=NOW + MINUTE)
    for rank in (0, 3):
        world.free(rank)
    now = NOW + 2 * MINUTE
    run_killed("tests.integration.planning.waiting_list_killed", point, now.isoformat())
    assert told() == already
    assert SlotHold.objects.count() == WaitingListOffer.objects.count() == len(already)
    assert offer_waiting_list(now=now + MINUTE) == 2 - len(already)
    assert told() == [ANA, BOB]
    assert SlotHold.objects.count() == WaitingListOffer.objects.count() == 2
