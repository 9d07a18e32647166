"""A06: many people confirm one créneau at the same instant, on as many connections."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from planning.models import AgentRdv, Rdv
from planning.queries.availability import bookable
from planning.services import rdv_book
from planning.services.rdv_book import SlotTaken, book_rdv
from planning.services.rdv_cancel import cancel_rdv
from rdv.common.errors import RetryLaterError
from tests.factories import UsagerFactory
from tests.integration.planning.test_rdv_book import NINE, NOW, World, usager_actor

pytestmark = pytest.mark.django_db(transaction=True)

CONNECTIONS = 20
ROUNDS = 50


@pytest.fixture
def hurried(monkeypatch):
    """Look for deadlocks after 20 ms instead of a second."""
    monkeypatch.setitem(
        connection.settings_dict, "OPTIONS", {"options": "-c deadlock_timeout=20ms"}
    )


class Rush:
    """As many threads as acts, started together; each ends with the name of what happened."""

    def __init__(self, size: int) -> None:
        self.barrier = Barrier(size)
        self.pool = ThreadPoolExecutor(size)
        self.size = size

    def __enter__(self) -> Rush:
        return self

    def __exit__(self, *_: object) -> None:
        closing = Barrier(self.size)
        list(self.pool.map(lambda _: (closing.wait(30), connection.close()), range(self.size)))
        self.pool.shutdown()

    def run(self, acts) -> Counter[str]:
        def one(act):
            connection.ensure_connection()
            self.barrier.wait(30)
            try:
                act()
            except (SlotTaken, RetryLaterError) as refused:
                return type(refused).__name__
            return "done"

        return Counter(self.pool.map(one, acts))


def booking(world, usager, starts_at=NINE):
    def act():
        return book_rdv(
            motif_id=world.motif.pk,
            lieu_id=world.lieu.pk,
            starts_at=starts_at,
            usager_ids=[usager.pk],
            actor=usager_actor(usager),
            now=NOW,
        )

    return act


def rounds(world):
    """Yield free times, one after the other: no two rounds share one."""
    for number in range(ROUNDS):
        yield NINE + timedelta(days=7 * (number // 6), minutes=30 * (number % 6))


def open_every_monday(world):
    world.motif.max_delay_minutes = 60 * 24 * 300
    world.motif.save()
    for plage in world.plages:
        plage.frequency, plage.weekdays = "weekly", [0]
        plage.save()


def people(world):
    return [UsagerFactory(territoire=world.organisation.territoire) for _ in range(CONNECTIONS)]


def rush_for_each_round(world, winners: int) -> Counter[str]:
    """Return how the losers learnt it, all rounds together."""
    open_every_monday(world)
    losses: Counter[str] = Counter()
    usagers = people(world)
    with Rush(CONNECTIONS) as rush:
        for starts_at in rounds(world):
            ends = rush.run([booking(world, usager, starts_at) for usager in usagers])
            assert ends.pop("done") == winners
            losses += ends
            rows = list(AgentRdv.objects.filter(starts_at=starts_at).values_list("agent"))
            assert len(rows) == len(set(rows)) == winners
            Rdv.objects.filter(starts_at=starts_at).update(status="revoked", cancelled_at=NOW)
    return losses
