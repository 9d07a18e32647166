"""Decision 19: a créneau held ten minutes, for one visitor, against the public only."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from agents.permissions import AgentActor
from planning.models import SlotHold
from planning.queries.availability import Audience, Search, bookable, found_slots, next_slot
from planning.queries.public_slots import first_time, is_free, nearest_times, week_times
from planning.queries.rdv_warnings import Kind, Proposal, warnings_for
from planning.rules.holder import holder_digest
from planning.services.rdv_book import RdvNotBookable, SlotTaken
from planning.services.slot_hold import hold_slot, purge_slot_holds, release_hold
from planning.tasks import purge_slot_holds_task
from rdv.schedule import BEAT
from tests.integration.planning.test_rdv_book import NINE, NOW, World

pytestmark = pytest.mark.django_db

MONDAY = date(2027, 1, 11)
HALF_HOUR = timedelta(minutes=30)


def hold(world, visitor="ana", starts_at=NINE, **changes):
    values = {
        "motif_id": world.motif.pk,
        "lieu_id": world.lieu.pk,
        "starts_at": starts_at,
        "visitor": visitor,
        "now": NOW,
    }
    return hold_slot(**values | changes)


def search(world, audience=Audience.USAGER, now=NOW, **more):
    return Search(frozenset({world.motif.pk}), audience, now, **more)


def test_decision_19_a_held_creneau_is_gone_for_others_only():
    world = World(agents=1)
    held = hold(world)
    assert (held.agent, held.ends_at) == (world.agents[0], NINE + HALF_HOUR)
    assert held.expires_at == NOW + timedelta(minutes=10)
    assert held.holder == holder_digest("ana")
    where = (world.motif, world.lieu)
    free, now = is_free, {"now": NOW}
    assert free(*where, NINE, **now, visitor="ana")
    assert not free(*where, NINE, **now, visitor="bob")
    assert not free(*where, NINE, **now)
    assert week_times(*where, first_day=MONDAY, **now, visitor="bob")[0] == NINE + HALF_HOUR
    assert week_times(*where, first_day=MONDAY, **now, visitor="ana")[0] == NINE
    assert first_time(*where, **now) == NINE + HALF_HOUR
    here, _ = nearest_times(where, [where], NINE, **now, visitor="bob")
    assert here[0][2] == NINE + HALF_HOUR
    agents = search(world, Audience.AGENT)
    assert found_slots(agents, MONDAY, MONDAY)[0][0] == NINE  # agents are not bound
    assert next_slot(search(world, now=NOW + timedelta(minutes=10)), MONDAY)[0] == NINE  # expired


def test_decision_19_booking_what_somebody_else_holds_is_refused():
    world = World(agents=1)
    hold(world)
    with pytest.raises(SlotTaken):
        world.book(visitor="bob")
    with pytest.raises(SlotTaken):
        hold(world, visitor="bob")
    world.book(visitor="ana")
    assert not SlotHold.objects.exists()  # booking frees the hold
    with pytest.raises(SlotTaken):
        hold(world, visitor="ana")


def test_decision_19_an_agent_overrides_and_the_visitor_sees_it():
    world = World(agents=1)
    hold(world)
    desk = AgentActor(agent_id=world.agents[0].pk)
    proposal = Proposal(
        organisation=world.organisation,
        motif=world.motif,
        starts_at=NINE,
        ends_at=NINE + HALF_HOUR,
        lieu_id=world.lieu.pk,
        agent_ids=(world.agents[0].pk,),
        usager_ids=(),
    )
    found = [w.text for w in warnings_for(proposal, actor=desk, now=NOW) if w.kind is Kind.HELD]
    assert len(found) == 1
    assert "gardé jusqu’à 10 h 10" in found[0]
    world.book(actor=desk)
    assert not is_free(world.motif, world.lieu, NINE, now=NOW, visitor="ana")
    with pytest.raises(SlotTaken):
        world.book(visitor="ana")


def test_decision_19_one_hold_a_visitor_the_next_replaces_it_unless_refused():
    world = World(agents=1)
    first = hold(world)
    second = hold(world, starts_at=NINE + HALF_HOUR)
    assert list(SlotHold.objects.all()) == [second]
    hold(world, visitor="bob")  # the first is free again
    with pytest.raises(SlotTaken):
        hold(world, starts_at=NINE)
    assert SlotHold.objects.get(holder=first.holder) == second  # a refusal keeps what one has
    again = hold(world, starts_at=NINE + HALF_HOUR, now=NOW + timedelta(minutes=5))
    assert again.expires_at == NOW + timedelta(minutes=15)


def test_decision_19_two_agents_free_two_holds():
    world = World(agents=2)
    assert hold(world).agent == world.agents[0]
    assert hold(world, visitor="bob").agent == world.agents[1]
    with pytest.raises(SlotTaken):
        hold(world, visitor="eve")


def test_decision_19_an_expired_hold_blocks_nobody_and_is_purged():
    world = World(agents=1)
    hold(world)
    later = NOW + timedelta(minutes=10)
    assert hold(world, visitor="bob", now=later).holder == holder_digest("bob")
    assert SlotHold.objects.count() == 1  # the expired one was in the way
    assert purge_slot_holds(now=later) == 0
    assert purge_slot_holds(now=later + timedelta(minutes=10)) == 1
    assert BEAT["purge_slot_holds"]["task"] == purge_slot_holds_task.name


def test_decision_19_terminer_releases():
    world = World(agents=1)
    hold(world)
    release_hold(visitor="bob")
    release_hold(visitor="")
    assert SlotHold.objects.count() == 1
    release_hold(visitor="ana")
    assert is_free(world.motif, world.lieu, NINE, now=NOW)


def test_decision_24_a_hold_is_as_long_as_the_persons_and_the_pause():
    world = World(agents=1, max_persons=3, pause_minutes=10)
    held = hold(world, persons=3)
    assert (held.ends_at, held.free_at) == (
        NINE + timedelta(minutes=90),
        NINE + timedelta(minutes=100),
    )
    starts = week_times(world.motif, world.lieu, first_day=MONDAY, now=NOW)
    assert starts[0] == NINE + timedelta(minutes=100)
    with pytest.raises(RdvNotBookable):
        hold(world, persons=4)
    with pytest.raises(ValueError, match="somebody"):
        hold(world, visitor="")


def test_E15_a_hold_takes_one_of_the_rdvs_of_a_plage():
    world = World(agents=1)
    world.plages[0].max_rdvs_per_day = 1
    world.plages[0].save()
    hold(world)
    assert bookable(search(world, visitor="bob"), NINE + HALF_HOUR, world.lieu.pk) == []
    assert bookable(search(world, visitor="ana"), NINE + HALF_HOUR, world.lieu.pk)


def test_decision_28_an_offer_holds_longer():
    world = World(agents=1)
    held = hold(world, lasts=timedelta(hours=2))
    assert held.expires_at == NOW + timedelta(hours=2)
