"""B01, A06: partners and others want the last créneau, or the last seat, at the same instant."""

from __future__ import annotations

import pytest

from agents.permissions import AgentActor
from agents.queries.actor import agent_actor
from planning.models import AgentRdv, Participation
from planning.services import agenda_lock
from planning.services.participation_register import WorkshopFull, register
from planning.services.prescription_by_agent import Sending, prescribe_elsewhere
from planning.services.prescription_confirm import Partner, Prescription, prescribe
from tests.factories import (
    AgentFactory,
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    RdvFactory,
    UsagerFactory,
)
from tests.integration.planning.test_rdv_book import NINE, NOW, World
from tests.integration.planning.test_rdv_book_race import Rush
from usagers.models import Usager
from usagers.queries.actor import load_usager_actor
from usagers.services.beneficiary import Beneficiary
from usagers.services.booking_draft_save import Choice

pytestmark = pytest.mark.django_db(transaction=True)

SIDE = 4


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    monkeypatch.setattr(agenda_lock, "PATIENCE", "60s")


def sent_by(number: int, choice: Choice, phone: str = "") -> Prescription:
    partner = Partner("Inès", "Valmont", f"ines{number}@cias.example")
    typed = Beneficiary("Nadia", "Costa", phone_number=phone)
    return Prescription(choice, partner, typed, visitor=f"visitor {number}")


def act(wanted: Prescription):
    return lambda: prescribe(prescription=wanted, ip="192.0.2.1", now=NOW)


def test_B01_one_creneau_prescripteurs_and_usagers_one_rdv():
    world = World(agents=1)
    choice = Choice(world.motif.pk, world.lieu.pk, NINE, NOW)
    people = [world.usager() for _ in range(SIDE)]
    acts = [act(sent_by(number, choice)) for number in range(SIDE)]
    acts += [lambda who=who: world.book(who) for who in people]
    with Rush(len(acts)) as rush:
        assert rush.run(acts) == {"done": 1, "SlotTaken": 2 * SIDE - 1}
    assert AgentRdv.objects.count() == 1
    # Who was refused leaves no fiche behind.
    assert Usager.objects.filter(last_name="Costa").count() <= 1


def test_B01_the_last_seat_goes_to_one_beneficiary_or_one_usager():
    world = World(agents=1)
    motif = MotifFactory(organisation=world.organisation, is_collective=True)
    lieu = LieuFactory(organisation=world.organisation)
    workshop = RdvFactory(motif=motif, lieu=lieu, seats_total=1, agents=world.agents)
    choice = Choice(motif.pk, lieu.pk, workshop.starts_at, NOW, 1, workshop.pk)
    acts = [act(sent_by(number, choice)) for number in range(SIDE)]
    for _ in range(SIDE):
        usager = UsagerFactory(territoire=world.organisation.territoire, with_account=True)
        actor = load_usager_actor(account_id=usager.account_id)
        acts.append(
            lambda usager=usager, actor=actor: register(
                rdv_id=workshop.pk, usager_ids=[usager.pk], actor=actor, now=NOW
            )
        )
    refused: list[str] = []

    def one(join):
        def run():
            try:
                join()
            except WorkshopFull as full:
                refused.append(full.message)

        return run

    # An agent of another organisation sends people to it too.
    origin = OrganisationFactory(territoire=world.organisation.territoire)
    desk = agent_actor(AgentFactory(organisations=[origin], services=[motif.service]))
    for _ in range(SIDE):
        sent = UsagerFactory(territoire=origin.territoire, organisations=[origin])
        sending = Sending(origin, motif.pk, None, workshop.starts_at, sent.pk, workshop.pk)
        acts.append(
            lambda sending=sending: prescribe_elsewhere(sending=sending, actor=desk, now=NOW)
        )
    with Rush(len(acts)) as rush:
        assert rush.run([one(join) for join in acts]) == {"done": len(acts)}
    assert len(refused) == len(acts) - 1
    assert Participation.objects.filter(rdv=workshop).count() == 1


def test_B01_a_desk_and_a_prescripteur_want_one_creneau():
    world = World(agents=1)
    usager = world.usager()
    desk = AgentActor(agent_id=world.agents[0].pk)
    acts = [act(sent_by(1, Choice(world.motif.pk, world.lieu.pk, NINE, NOW), "+33611223344"))]
    acts += [lambda: world.book(usager, actor=desk)]
    with Rush(len(acts)) as rush:
        assert rush.run(acts) == {"done": 1, "SlotTaken": 1}
