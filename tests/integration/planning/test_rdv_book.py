"""Booking a créneau, one person at a time; races are in test_rdv_book_race.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agents.permissions import AgentActor, PrescripteurActor, UsagerActor
from notifications.models import OutboxMessage
from planning.models import Participation, Rdv, RdvEvent
from planning.services.rdv_book import AlreadyBooked, RdvNotBookable, SlotTaken, book_rdv
from tests.factories import (
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    PlageOuvertureFactory,
    RdvFactory,
    UsagerFactory,
)
from usagers.models import Prescripteur, Referent
from usagers.queries.referents import referents_of

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 8, 9, 0, tzinfo=UTC)
NINE = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)  # 9:00 in Paris, when the plages begin


class World:
    """One organisation, one lieu, agents open on Monday morning, in the order of registration."""

    def __init__(self, agents=2, **motif):
        self.organisation = OrganisationFactory()
        self.lieu = LieuFactory(organisation=self.organisation)
        self.motif = MotifFactory(organisation=self.organisation, **motif)
        self.plages = [
            PlageOuvertureFactory(lieu=self.lieu, motifs=[self.motif]) for _ in range(agents)
        ]
        self.agents = [plage.agent for plage in self.plages]

    def usager(self, **fields):
        return UsagerFactory(territoire=self.organisation.territoire, **fields)

    def book(self, *usagers, actor=None, **changes):
        people = usagers or (self.usager(),)
        values = {
            "motif_id": self.motif.pk,
            "lieu_id": self.lieu.pk,
            "starts_at": NINE,
            "usager_ids": [usager.pk for usager in people],
            "actor": actor or usager_actor(people[0]),
            "now": NOW,
        }
        return book_rdv(**values | changes)


def usager_actor(usager, *proches):
    return UsagerActor(
        account_id=0,
        usager_ids=frozenset({usager.pk}),
        proche_ids=frozenset(proche.pk for proche in proches),
    )


def test_A06_books_with_the_first_registered_agent():
    world = World()
    usager = world.usager()
    rdv = world.book(usager)
    assert (rdv.organisation, rdv.motif, rdv.lieu) == (
        world.organisation,
        world.motif,
        world.lieu,
    )
    assert (rdv.starts_at, rdv.ends_at) == (NINE, NINE + timedelta(minutes=30))
    assert [row.agent for row in rdv.agent_rdvs.all()] == [world.agents[0]]
    participation = rdv.participations.get()
    assert (participation.usager, participation.created_by_usager) == (usager, usager)
    assert usager.organisations.get() == world.organisation
    assert [event.action for event in RdvEvent.objects.filter(rdv=rdv)] == ["created"]
    assert OutboxMessage.objects.exists()


def test_issue_2_statements_of_a_booking(django_assert_max_num_queries):
    world = World()
    usager = world.usager()
    with django_assert_max_num_queries(32):
        world.book(usager)
    more = World(agents=6)
    family = [more.usager() for _ in range(2)]
    with django_assert_max_num_queries(34):  # a link for each message
        more.book(*family, actor=usager_actor(*family), persons=1)


def test_A06_the_next_registered_agent_takes_over_then_nobody():
    world = World()
    assert [world.book().agents.get() for _ in range(2)] == world.agents
    with pytest.raises(SlotTaken, match="vient d’être pris"):
        world.book()
    assert Rdv.objects.count() == 2


def test_A06_a_rdv_elsewhere_of_the_agent_counts():
    world = World()
    RdvFactory(agents=world.agents, starts_at=NINE)
    with pytest.raises(SlotTaken):
        world.book()


def test_decision_18_a_time_off_the_grid_inside_the_opening_is_good():
    world = World()
    assert world.book(starts_at=NINE + timedelta(minutes=7)).starts_at.minute == 7
    with pytest.raises(SlotTaken):
        world.book(starts_at=NINE + timedelta(hours=2, minutes=31))  # ends after the plage


def test_decision_18_the_minimum_delay_counts_from_the_choice():
    world = World(min_delay_minutes=60)
    late = NINE - timedelta(minutes=40)
    with pytest.raises(SlotTaken):
        world.book(now=late)
    with pytest.raises(SlotTaken):  # thirty minutes of tolerance, no more
        world.book(now=NINE - timedelta(minutes=29), chosen_at=NINE - timedelta(hours=2))
    assert world.book(now=late, chosen_at=NINE - timedelta(hours=1)).starts_at == NINE


def test_A06_nothing_in_the_past():
    world = World()
    agent = AgentActor(agent_id=world.agents[0].pk, name="Camille")
    for actor in (None, agent):
        with pytest.raises(SlotTaken):
            world.book(actor=actor, now=NINE + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("level", "usager", "prescripteur", "agent"),
    [
        ("agents", False, False, True),
        ("prescripteurs", False, True, True),
        ("usagers", True, True, True),
    ],
)
def test_B03_who_may_book(level, usager, prescripteur, agent):
    world = World(booking_level=level)
    partner = Prescripteur.objects.create(first_name="Ana", last_name="Roy", email="a@roy.fr")
    for hour, (actor, allowed) in enumerate(
        [
            (None, usager),
            (PrescripteurActor(prescripteur_id=partner.pk, name="Ana ROY"), prescripteur),
            (AgentActor(agent_id=world.agents[0].pk, name="Camille"), agent),
        ]
    ):
        starts_at = NINE + timedelta(hours=hour)
        if allowed:
            assert world.book(actor=actor, starts_at=starts_at).pk
        else:
            with pytest.raises(RdvNotBookable, match="ne se prend pas en ligne"):
                world.book(actor=actor, starts_at=starts_at)


def test_B01_a_prescripteur_signs_the_participation():
    world = World()
    partner = Prescripteur.objects.create(first_name="Ana", last_name="Roy", email="a@roy.fr")
    actor = PrescripteurActor(prescripteur_id=partner.pk, name="Ana ROY")
    assert world.book(actor=actor).participations.get().prescripteur == partner


@pytest.mark.parametrize("who", ["usager", "prescripteur"])
def test_B03_a_follow_up_motif_is_for_followed_people_only(who):
    world = World(is_follow_up=True)
    usager = world.usager()
    author = Prescripteur.objects.create(
        first_name="Anne", last_name="Roux", email="anne@asso.fr", phone_number="+33611223344"
    )
    actor = usager_actor(usager) if who == "usager" else PrescripteurActor(author.pk)
    first, second = world.agents
    for who_books in (actor, AgentActor(agent_id=first.pk)):
        with pytest.raises(RdvNotBookable, match="personnes suivies"):
            world.book(usager, actor=who_books)
    assert not Rdv.objects.exists()
    Referent.objects.create(usager=usager, agent=second)
    if who == "prescripteur":  # knows nothing of who follows whom
        with pytest.raises(RdvNotBookable, match="personnes suivies"):
            world.book(usager, actor=actor)
        actor = AgentActor(agent_id=first.pk)
    assert world.book(usager, actor=actor).agents.get() == second
    second.deactivated_at = NOW
    second.save()
    with pytest.raises(RdvNotBookable, match="personnes suivies"):
        world.book(usager, actor=actor, starts_at=NINE + timedelta(hours=1))


def test_38_two_families_have_the_referents_that_both_have():
    world = World(is_follow_up=True, max_persons=3)
    lea, tom = world.usager(), world.usager()
    child = world.usager(responsable=lea)
    first, second = world.agents
    Referent.objects.bulk_create(
        [Referent(usager=who, agent=a) for who, a in ((lea, first), (lea, second), (tom, second))]
    )
    assert referents_of([lea.pk, child.pk]) == {first.pk, second.pk}
    assert referents_of([child.pk, tom.pk]) == {second.pk}
    assert referents_of([]) == frozenset()
    desk = AgentActor(agent_id=first.pk)
    assert world.book(child, tom, actor=desk, persons=2).agents.get() == second


def test_A12_one_upcoming_rdv_for_each_usager_and_motif():
    world = World()
    usager = world.usager()
    rdv = world.book(usager)
    later = NINE + timedelta(hours=1)
    with pytest.raises(AlreadyBooked) as refused:
        world.book(usager, starts_at=later)
    assert refused.value.rdv == rdv
    agent = AgentActor(agent_id=world.agents[0].pk, name="Camille")
    assert world.book(usager, starts_at=later, actor=agent).pk


@pytest.mark.parametrize("gone", ["cancelled", "left", "over", "deleted"])
def test_A12_a_rdv_that_is_gone_does_not_count(gone):
    world = World()
    usager = world.usager()
    state = {
        "cancelled": {"status": "revoked"},
        "left": {},
        "over": {"starts_at": NOW - timedelta(days=1)},
        "deleted": {"hidden_at": NOW},
    }[gone]
    old = RdvFactory(motif=world.motif, usagers=[usager], **({"starts_at": NINE} | state))
    if gone == "left":
        Participation.objects.filter(rdv=old).update(status="excused", cancelled_at=NOW)
    assert world.book(usager).pk != old.pk


def test_A05_a_relative_is_booked_for_and_a_stranger_is_not():
    world = World()
    parent = world.usager()
    child = world.usager(responsable=parent, email=None)
    rdv = world.book(child, actor=usager_actor(parent, child))
    assert rdv.participations.get().created_by_usager == parent
    with pytest.raises(RdvNotBookable, match="ne peut pas prendre"):
        world.book(world.usager(), actor=usager_actor(parent, child))


def test_decision_20_an_usager_of_another_territoire_is_refused():
    world = World()
    stranger = UsagerFactory()
    with pytest.raises(RdvNotBookable, match="ne peut pas prendre"):
        world.book(stranger)
    with pytest.raises(RdvNotBookable, match="n’existe plus"):
        world.book(world.usager(anonymised_at=NOW))


def test_decision_24_several_persons_take_several_times_the_duration():
    world = World(max_persons=3)
    rdv = world.book(persons=3)
    assert rdv.ends_at - rdv.starts_at == timedelta(minutes=90)
    with pytest.raises(RdvNotBookable, match="pour autant de personnes"):
        world.book(persons=4)
    with pytest.raises(SlotTaken):  # two hours remain for both: not twice an hour and a half
        world.book(starts_at=NINE + timedelta(hours=2), persons=3)


@pytest.mark.parametrize("visibility", ["visible_and_not_notified", "invisible"])
def test_decision_7_a_silent_motif_switches_the_notifications_off(visibility):
    row = World(visibility=visibility).book().participations.get()
    assert (row.notifies_changes, row.notifies_reminder) == (False, False)


def test_B03_an_archived_or_collective_motif_gives_nothing():
    with pytest.raises(RdvNotBookable, match="plus proposé"):
        World(archived_at=NOW).book()
    with pytest.raises(SlotTaken):
        World(is_collective=True).book()


def test_A06_the_lieu_of_the_opening_is_asked_for():
    world = World()
    other = LieuFactory(organisation=world.organisation)
    for lieu_id in (None, other.pk):
        with pytest.raises(SlotTaken):
            world.book(lieu_id=lieu_id)
    phone = World(location_type="telephone")
    assert phone.book(lieu_id=None).lieu is None
