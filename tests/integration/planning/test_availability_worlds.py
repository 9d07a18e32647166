"""Slots from the tables are those of the pure engine, in small random worlds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from planning.queries.availability import (
    Audience,
    Search,
    bookable,
    distinct_starts,
    found_slots,
    next_by_lieu,
    next_by_organisation,
    next_slot,
    week_slots,
)
from planning.slots import engine
from tests.integration.planning.worlds import DAY, RandomWorld

pytestmark = pytest.mark.django_db

AUDIENCES = [Audience.AGENT, Audience.USAGER]
SEEDS = range(6)


@pytest.fixture(scope="module")
def worlds(django_db_setup, django_db_blocker):
    """All of them, made once for the module and rolled back at its end; tests only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield [RandomWorld(seed) for seed in SEEDS]
        transaction.set_rollback(True)


@pytest.fixture(params=SEEDS)
def world(worlds, request):
    return worlds[request.param]


def search(world, motifs, audience, **filters):
    return Search(frozenset(m.pk for m in motifs), audience, world.now, **filters)


def alike(world):
    """Yield the lists of motifs that share their delays and their way to meet."""
    yield from ([motif] for motif in world.motifs)
    yield [world.motifs[0], world.motifs[4]]
    yield [world.motifs[2], world.motifs[6], world.motifs[7]]


def plain(slots):
    return [(slot.start, slot.agent, slot.lieu, slot.opening) for slot in slots]


def places(world, motifs):
    return [lieu.pk for lieu in world.lieux] if motifs[0].requires_lieu else [None]


def by_place(world, motifs, first, last):
    """Return what an usager sees: one for each start and lieu."""
    found = []
    for lieu in places(world, motifs):
        request = world.request(motifs, Audience.USAGER, first, last, lieu=lieu)
        found += plain(engine.find_slots(request))
    return set(found)


def test_A03_slots_of_a_fortnight(world):
    first, last = world.day - DAY, world.day + 13 * DAY
    seen = 0
    for motifs in alike(world):
        request = world.request(motifs, Audience.AGENT, first, last)
        ours = found_slots(search(world, motifs, Audience.AGENT), first, last)
        assert ours == plain(engine.find_slots(request))
        starts = distinct_starts(search(world, motifs, Audience.AGENT), first, last)
        assert starts == sorted({slot[0] for slot in ours})
        public = found_slots(search(world, motifs, Audience.USAGER), first, last)
        assert set(public) == by_place(world, motifs, first, last)
        assert [slot[0] for slot in public] == sorted(slot[0] for slot in public)
        assert len(public) == len({(slot[0], slot[2]) for slot in public})
        seen += len(ours)
    assert seen


def test_A03_motifs_of_different_delays(world):
    """Each motif keeps its own delays; the first registered plage still wins."""
    motifs = world.motifs[:2]
    first, last = world.day, world.day + 20 * DAY
    rank = {plage.pk: order for order, plage in enumerate(world.plages)}
    wanted = {}
    for motif in motifs:
        for slot in by_place(world, [motif], first, last):
            key = (slot[0], slot[2])
            wanted[key] = min(slot, wanted.get(key, slot), key=lambda found: rank[found[3]])
    found = found_slots(search(world, motifs, Audience.USAGER), first, last)
    assert {(slot[0], slot[2]): slot for slot in found} == wanted


@pytest.mark.parametrize("audience", AUDIENCES)
def test_A02_next_by_lieu(world, audience):
    for motifs in alike(world):
        wanted = {}
        for lieu in places(world, motifs):
            request = world.request(motifs, audience, world.day, None, lieu=lieu)
            slot = engine.next_slot(request)
            if slot:
                wanted[lieu] = plain([slot])[0]
        ours = search(world, motifs, audience)
        assert next_by_lieu(ours, world.day) == wanted
        first = engine.next_slot(world.request(motifs, audience, world.day, None))
        assert next_slot(ours, world.day) == (plain([first])[0] if first else None)


def test_A02_next_by_organisation(world):
    phone = [world.motifs[2], world.motifs[6]]
    wanted = {}
    for motif in phone:
        slot = engine.next_slot(world.request([motif], Audience.USAGER, world.day, None))
        if slot:
            wanted[motif.organisation_id] = plain([slot])[0]
    found = next_by_organisation(search(world, phone, Audience.USAGER), world.day)
    assert found == wanted


@pytest.mark.parametrize("audience", AUDIENCES)
def test_A06_bookable(world, audience):
    motif = world.motifs[0]
    ours = search(world, [motif], audience)
    starts = {slot[0] for slot in found_slots(ours, world.day, world.day + 9 * DAY)}
    tried = world.random.sample(sorted(starts), min(4, len(starts)))
    tried += [world.now + timedelta(minutes=world.random.randrange(-60, 9000)) for _ in range(4)]
    for starts_at in tried:
        for lieu in world.lieux[:3]:
            request = world.request([motif], audience, world.day, None, lieu=lieu.pk)
            chosen = world.now - timedelta(minutes=20)
            wanted = engine.bookable_slots(request, starts_at, chosen_at=chosen)
            found = bookable(ours, starts_at, lieu.pk, chosen)
            assert found == [(slot.agent, slot.opening) for slot in wanted]


def test_A03_lists_of_agents_and_lieux(world):
    first, last = world.day, world.day + 9 * DAY
    motif, agents = world.motifs[0], frozenset(agent.pk for agent in world.agents[1:3])
    lieux = frozenset({world.lieux[0].pk})
    request = world.request([motif], Audience.AGENT, first, last, agents=agents)
    ours = search(world, [motif], Audience.AGENT, agent_ids=agents)
    assert found_slots(ours, first, last) == plain(engine.find_slots(request))
    everybody = found_slots(search(world, [motif], Audience.USAGER), first, last)
    there = found_slots(search(world, [motif], Audience.USAGER, lieu_ids=lieux), first, last)
    assert there == [slot for slot in everybody if slot[2] in lieux]
    nobody = search(world, [motif], Audience.AGENT, agent_ids=frozenset())
    assert found_slots(nobody, first, last) == []
    phone = search(world, [world.motifs[2]], Audience.USAGER, lieu_ids=frozenset())
    assert found_slots(phone, first, last) == sorted(
        by_place(world, [world.motifs[2]], first, last)
    )


def test_A03_week(world):
    ours = search(world, [world.motifs[0]], Audience.USAGER)
    week = week_slots(ours, world.day)
    assert list(week) == [world.day + offset * DAY for offset in range(7)]
    found = found_slots(ours, world.day, world.day + 6 * DAY)
    assert [slot for day in week.values() for slot in day] == found
    assert all(slot[0].date() == day for day, slots in week.items() for slot in slots)
