"""A08, C03, decision 2: the person who comes moves their RDV, through the service."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agents.permissions import TokenActor
from notifications.models import OutboxMessage
from planning.models import AgentRdv, Rdv, RdvEvent
from planning.queries.rdv_move_by_usager import lieux_to_move_to, search_of, times_between
from planning.services.rdv_book import SlotTaken
from planning.services.rdv_move_by_usager import RdvNotMovable, move_rdv_by_usager
from planning.services.slot_hold import hold_slot
from tests.factories import LieuFactory, PlageOuvertureFactory, RdvFactory
from tests.integration.planning.test_rdv_book import NINE, NOW, World, usager_actor
from usagers.models import Referent

pytestmark = pytest.mark.django_db

HALF_HOUR = timedelta(minutes=30)
HOUR = timedelta(hours=1)


def move(rdv, usager, starts_at=NINE + HOUR, **changes):
    values = {
        "rdv_id": rdv.pk,
        "lieu_id": rdv.lieu_id,
        "starts_at": starts_at,
        "actor": usager_actor(usager),
        "now": NOW,
    }
    return move_rdv_by_usager(**values | changes)


def held(rdv):
    """Return who receives and when, as the agendas say."""
    return list(AgentRdv.objects.filter(rdv=rdv).values_list("agent", "starts_at", "ends_at"))


def said():
    return sorted(OutboxMessage.objects.values_list("kind", "recipient"))


@pytest.fixture
def scene():
    """A world, Léa, and her RDV of 9:00 with the first of two agents; nothing left to send."""
    world = World(agents=2)
    lea = world.usager(first_name="Léa", last_name="Martin")
    rdv = world.book(lea)
    OutboxMessage.objects.all().delete()
    return world, lea, rdv


def test_A08_the_same_agent_when_free_and_the_length_is_kept(scene):
    world, lea, rdv = scene
    Rdv.objects.filter(pk=rdv.pk).update(ends_at=NINE + HOUR)  # longer than its motif says
    moved = move(rdv, lea)
    assert held(rdv) == [(world.agents[0].pk, NINE + HOUR, NINE + 2 * HOUR)]
    assert (moved.version, moved.lieu) == (1, world.lieu)
    event = RdvEvent.objects.filter(rdv=rdv).latest("pk")
    assert (event.action, event.author_usager) == ("moved", lea)
    told = OutboxMessage.objects.get(kind="rdv_changed", channel="email")
    assert (told.recipient, "9 h" in told.body, "10 h" in told.body) == (lea.email, True, True)


def test_42_another_agent_takes_over_and_each_is_told_their_part(scene):
    world, lea, rdv = scene
    old, new = world.agents
    RdvFactory(agents=[old], starts_at=NINE + HOUR)
    move(rdv, lea)
    assert held(rdv) == [(new.pk, NINE + HOUR, NINE + HOUR + HALF_HOUR)]
    assert ("rdv_created_agent", new.account.email) in said()
    assert ("rdv_removed_agent", old.account.email) in said()
    assert ("rdv_changed", lea.email) in said()
    old_word = OutboxMessage.objects.get(kind="rdv_removed_agent")
    assert "METHOD:CANCEL" in old_word.ics


def test_A08_a_shift_shorter_than_the_rdv_is_not_hindered_by_itself(scene):
    world, lea, rdv = scene
    for agent in world.agents:
        RdvFactory(agents=[agent], starts_at=NINE + 2 * HALF_HOUR)
    move(rdv, lea, NINE + timedelta(minutes=15), now=NOW)
    assert held(rdv)[0][1] == NINE + timedelta(minutes=15)
    # Offered as well: nothing but itself stands between 9:00 and 10:00 in the first agenda.
    times = times_between(search_of(rdv, now=NOW), NINE.date(), NINE.date())
    assert NINE in times


def test_A08_another_lieu_that_offers_it(scene):
    world, lea, rdv = scene
    lieu = LieuFactory(organisation=world.organisation)
    closed = LieuFactory(organisation=world.organisation)
    agent = PlageOuvertureFactory(lieu=lieu, motifs=[world.motif]).agent
    assert lieux_to_move_to(rdv, now=NOW) == [world.lieu, lieu]
    with pytest.raises(SlotTaken):
        move(rdv, lea, lieu_id=closed.pk)
    assert move(rdv, lea, NINE, lieu_id=lieu.pk).lieu == lieu
    assert held(rdv)[0][0] == agent.pk
    told = OutboxMessage.objects.get(kind="rdv_changed", channel="email")
    assert lieu.name in told.body


def test_A08_a_second_click_writes_and_says_nothing(scene):
    _world, lea, rdv = scene
    move(rdv, lea)
    count = OutboxMessage.objects.count()
    assert move(rdv, lea).version == 1
    assert OutboxMessage.objects.count() == count


def test_C03_by_the_link_of_a_message(scene):
    _world, lea, rdv = scene
    actor = TokenActor(0, rdv.participations.get().pk, lea.pk)
    move(rdv, lea, actor=actor)
    assert held(rdv)[0][1] == NINE + HOUR
    assert RdvEvent.objects.filter(rdv=rdv).latest("pk").author_usager == lea


@pytest.mark.parametrize(
    ("motif", "early", "why"),
    [
        ({"is_movable_by_usager": False}, HOUR * 24, "ne peut pas être déplacé"),
        ({"booking_level": "agents"}, HOUR * 24, "ne peut pas être déplacé"),
        ({}, timedelta(hours=4, seconds=-1), "trop tard"),
        ({}, -HOUR, "déjà commencé"),
    ],
)
def test_decision_2_refusals(scene, motif, early, why):
    world, lea, rdv = scene
    for name, value in motif.items():
        setattr(world.motif, name, value)
    world.motif.save()
    with pytest.raises(RdvNotMovable, match=why):
        move(rdv, lea, NINE + 2 * HOUR, now=NINE - early)
    assert held(rdv)[0][1] == NINE
    assert said() == []


def test_decision_2_exactly_four_hours_whoever_created_it(scene):
    world, lea, _rdv = scene
    rdv = RdvFactory(
        motif=world.motif, lieu=world.lieu, agents=[world.agents[1]], usagers=[lea], starts_at=NINE
    )
    move(rdv, lea, NINE + HOUR, now=NINE - 4 * HOUR)
    assert held(rdv)[0][1] == NINE + HOUR


def test_decision_2_the_new_creneau_obeys_the_delays(scene):
    world, lea, rdv = scene
    world.motif.min_delay_minutes = 5 * 60
    world.motif.save()
    with pytest.raises(SlotTaken):
        move(rdv, lea, NINE + HALF_HOUR, now=NINE - 4 * HOUR)


def test_decision_19_what_another_visitor_holds_is_taken(scene):
    world, lea, rdv = scene
    for number in range(2):
        hold_slot(
            motif_id=world.motif.pk,
            lieu_id=world.lieu.pk,
            starts_at=NINE + HOUR,
            visitor=f"visitor {number}",
            now=NOW,
        )
    with pytest.raises(SlotTaken):
        move(rdv, lea)
    assert move(rdv, lea, visitor="visitor 1").starts_at == NINE + HOUR


def test_A08_a_rdv_shared_with_another_family_is_for_the_service_to_move(scene):
    world, lea, rdv = scene
    shared = RdvFactory(
        motif=world.motif,
        lieu=world.lieu,
        agents=[world.agents[1]],
        usagers=[lea, world.usager()],
        starts_at=NINE,
    )
    with pytest.raises(RdvNotMovable, match="plusieurs personnes"):
        move(shared, lea)
    assert rdv.pk != shared.pk


def test_43_the_rdv_of_another_and_an_invisible_one_do_not_exist(scene):
    world, lea, rdv = scene
    with pytest.raises(RdvNotMovable, match="n’existe plus"):
        move(rdv, world.usager())
    world.motif.visibility = "invisible"
    world.motif.save()
    with pytest.raises(RdvNotMovable, match="n’existe plus"):
        move(rdv, lea)


def test_A08_a_follow_up_goes_to_a_referent_only(scene):
    world, lea, rdv = scene
    world.motif.is_follow_up = True
    world.motif.save()
    first, second = world.agents
    with pytest.raises(RdvNotMovable, match="Plus aucun agent ne vous suit"):
        move(rdv, lea)
    Referent.objects.create(usager=lea, agent=first)
    RdvFactory(agents=[first], starts_at=NINE + HOUR)
    with pytest.raises(SlotTaken):
        move(rdv, lea)
    assert move(rdv, lea, NINE + 2 * HOUR).agents.get() == first
    Referent.objects.update(agent=second)  # another one follows her from now on
    assert move(rdv, lea, NINE + HOUR).agents.get() == second
