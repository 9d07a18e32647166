"""A06: many people confirm one créneau at the same instant, on as many connections."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import islice, pairwise
from threading import Barrier
from typing import Self

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from agents.permissions import AgentActor
from planning.models import AgentRdv, Rdv
from planning.services import agenda_lock, rdv_book
from planning.services.rdv_book import AlreadyBooked, RdvNotBookable, SlotTaken, book_rdv
from planning.services.rdv_cancel import RdvNotCancellable, cancel_rdv
from planning.services.rdv_move_by_usager import RdvNotMovable, move_rdv_by_usager
from rdv.common.errors import RetryLaterError
from tests.factories import UsagerFactory
from tests.integration.planning.test_rdv_book import NINE, NOW, World, usager_actor
from usagers.models import Referent, Usager

pytestmark = pytest.mark.django_db(transaction=True)

CONNECTIONS = 20
ROUNDS = 50
UNLOCKED_ROUNDS = 20


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """Twenty people on a busy machine may wait longer than three seconds."""
    monkeypatch.setattr(agenda_lock, "PATIENCE", "60s")


@pytest.fixture
def refusals(monkeypatch):
    """Count what PostgreSQL itself refused."""
    counted: Counter[str] = Counter()
    translate = rdv_book._refusal

    def spied(error):
        counted[type(error.__cause__).__name__] += 1
        return translate(error)

    monkeypatch.setattr(rdv_book, "_refusal", spied)
    return counted


class Rush:
    """As many threads as acts, started together; each ends with the name of what happened."""

    def __init__(self, size: int) -> None:
        self.barrier = Barrier(size)
        self.pool = ThreadPoolExecutor(size)
        self.size = size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        closing = Barrier(self.size)
        list(self.pool.map(lambda _: (closing.wait(30), connection.close()), range(self.size)))
        self.pool.shutdown()

    def run(self, acts) -> Counter[str]:
        def one(act):
            with connection.cursor() as cursor:  # a second between looks at deadlocks is long here
                cursor.execute("SET deadlock_timeout = '20ms'")
            self.barrier.wait(30)
            try:
                act()
            except (SlotTaken, AlreadyBooked, RdvNotCancellable, RetryLaterError) as refused:
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


def rush_for_each_round(world, winners: int, most: int = ROUNDS) -> Counter[str]:
    """Return how the losers learnt it, all rounds together."""
    open_every_monday(world)
    losses: Counter[str] = Counter()
    usagers = people(world)
    with Rush(CONNECTIONS) as rush:
        for starts_at in islice(rounds(world), most):
            ends = rush.run([booking(world, usager, starts_at) for usager in usagers])
            assert ends.pop("done") == winners
            losses += ends
            rows = list(AgentRdv.objects.filter(starts_at=starts_at).values_list("agent"))
            assert len(rows) == len(set(rows)) == winners
            Rdv.objects.filter(starts_at=starts_at).update(status="revoked", cancelled_at=NOW)
    return losses


def test_A06_twenty_people_one_creneau_fifty_rounds(refusals):
    world = World(agents=1)
    losses = rush_for_each_round(world, winners=1)
    assert losses == {"SlotTaken": ROUNDS * (CONNECTIONS - 1)}
    assert not refusals  # the lock and the second look were enough


def test_A06_without_the_lock_the_constraint_still_gives_one_rdv(monkeypatch, refusals):
    monkeypatch.setattr(rdv_book, "lock_agendas", lambda _agents: None)
    losses = rush_for_each_round(World(agents=1), winners=1, most=UNLOCKED_ROUNDS)
    assert losses.total() == UNLOCKED_ROUNDS * (CONNECTIONS - 1)
    assert refusals["ExclusionViolation"] > 0  # the constraint did speak
    assert set(refusals) <= {"ExclusionViolation", "DeadlockDetected"}


def test_A06_two_agents_free_two_winners(refusals):
    world = World(agents=2)
    usagers = people(world)
    with Rush(CONNECTIONS) as rush:
        ends = rush.run([booking(world, usager) for usager in usagers])
    assert ends == {"done": 2, "SlotTaken": CONNECTIONS - 2}
    agents = AgentRdv.objects.filter(holds_time=True).values_list("agent", flat=True)
    assert sorted(agents) == sorted(agent.pk for agent in world.agents)
    assert not refusals


def test_A12_one_person_confirming_twenty_times_books_once():
    world = World(agents=2)
    usager = world.usager()
    acts = [booking(world, usager, NINE + timedelta(minutes=30 * (n % 6))) for n in range(10)]
    with Rush(len(acts)) as rush:
        ends = rush.run(acts)
    assert ends == {"done": 1, "AlreadyBooked": len(acts) - 1}


def test_A06_booking_cancelling_and_moving_at_once_leave_true_agendas():
    """Whatever the order, the copies in the agenda are the RDV's, and nothing overlaps."""
    world = World(agents=1)
    usagers = people(world)[:4]
    with Rush(6) as rush:
        for _ in range(10):
            first = booking(world, usagers[0], NINE)()
            second = booking(world, usagers[1], NINE + timedelta(hours=1))()
            acts = [
                cancelling(first),
                booking(world, usagers[2], NINE),
                booking(world, usagers[3], NINE),
                moving(second, NINE),
                moving(second, NINE + timedelta(hours=2)),
                cancelling(first),
            ]
            ends = rush.run(acts)
            assert ends["done"] >= 2
            assert_agendas_are_true()
            Rdv.objects.filter(cancelled_at=None).update(status="revoked", cancelled_at=NOW)


def cancelling(rdv):
    actor = AgentActor(agent_id=rdv.agents.get().pk, name="Camille")
    return lambda: cancel_rdv(rdv_id=rdv.pk, actor=actor, now=NOW)


def moving(rdv, starts_at):
    """Move as any code may: the tables alone keep the agenda true."""

    def act():
        try:
            with transaction.atomic():
                row = Rdv.objects.select_for_update().get(pk=rdv.pk)
                row.starts_at, row.ends_at = starts_at, starts_at + timedelta(minutes=30)
                row.save(update_fields=["starts_at", "ends_at"])
        except (IntegrityError, OperationalError) as error:
            raise SlotTaken("") from error

    return act


def assert_agendas_are_true():
    rows = list(AgentRdv.objects.select_related("rdv").order_by("starts_at"))
    for row in rows:
        assert (row.starts_at, row.ends_at) == (row.rdv.starts_at, row.rdv.ends_at)
        assert row.holds_time == (not row.rdv.is_cancelled)
    held = [row for row in rows if row.holds_time]
    assert all(before.ends_at <= after.starts_at for before, after in pairwise(held))


def test_A06_an_agenda_held_too_long_asks_to_try_again(monkeypatch):
    monkeypatch.setattr(agenda_lock, "PATIENCE", "100ms")
    world = World(agents=1)
    usager = world.usager()
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        agenda_lock.lock_agendas([world.agents[0].pk])

        def late():
            try:
                booking(world, usager)()
            except RetryLaterError as refused:
                return refused.message
            finally:
                connection.close()

        assert "Réessayez" in pool.submit(late).result()
    assert not Rdv.objects.exists()


@pytest.mark.parametrize("act", ["book", "move"])
def test_38_a_referent_who_stops_following_meanwhile_receives_nobody(act):
    """Who books waits for the fiche, then sees that the référent is no more theirs."""
    world = World(agents=2, is_follow_up=True)
    lea = world.usager()
    Referent.objects.create(usager=lea, agent=world.agents[0])
    rdv = booking(world, lea)() if act == "move" else None
    later = NINE + timedelta(hours=1)
    refused: list[str] = []

    def try_it():
        try:
            if rdv is None:
                booking(world, lea)()
            else:
                move_rdv_by_usager(
                    rdv_id=rdv.pk,
                    lieu_id=world.lieu.pk,
                    starts_at=later,
                    actor=usager_actor(lea),
                    now=NOW,
                )
        except (RdvNotBookable, RdvNotMovable) as refusal:
            refused.append(refusal.message)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        Usager.objects.select_for_update(no_key=True).get(pk=lea.pk)  # as `remove_referent` does
        trying = pool.submit(try_it)
        assert_waits()
        Referent.objects.all().delete()
    trying.result()
    assert len(refused) == 1
    assert not AgentRdv.objects.filter(starts_at=later if rdv else NINE).exists()


def assert_waits():
    """Return once another connection of this database waits for a lock."""
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    raise AssertionError("nobody waits")
