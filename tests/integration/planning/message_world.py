"""The people of test_message_matrix.py, and the events that happen to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from agents.permissions import PrescripteurActor
from agents.queries.actor import agent_actor
from notifications.models import OutboxMessage
from planning.models import AgentRdv, Participation, Rdv, Reminder
from planning.services.participation_arrival import mark_arrival
from planning.services.participation_register import register
from planning.services.rdv_announce import Before, RdvChange, announce_changed
from planning.services.rdv_edit import RdvFields, Switches, edit_rdv, move_rdv
from planning.services.rdv_status import set_participation_status, set_rdv_status
from planning.services.reminder_plan import plan_reminders
from planning.services.reminder_send import send_due_reminders
from tests.factories import AgentFactory, LieuFactory, MotifFactory, RdvFactory, UsagerFactory
from tests.factories.planning import NOW
from usagers.models import Prescripteur
from usagers.queries.actor import load_usager_actor

DAY = timedelta(days=1)


@dataclass
class World:
    cast: Any
    agents: dict
    lea: Any
    paul: Any
    rdv: Rdv
    workshop: Rdv
    lieu: Any

    def actor(self, name="A"):
        if name == "lea":
            return load_usager_actor(account_id=self.lea.account_id)
        return agent_actor(self.agents[name])

    def rdv_of(self, row):
        return row.participations.get(usager=self.lea)


def build_world(cast):
    people = {"territoire": cast.territoire, "organisations": [cast.organisation]}
    lea = UsagerFactory(**people, with_account=True, email="lea@exemple.fr")
    paul = UsagerFactory(**people, email="paul@exemple.fr", phone_number="+33698765432")
    office = {"organisations": [cast.organisation], "services": [cast.social]}
    agents = {name: AgentFactory(**office, email=f"{name}@example.fr") for name in "ABC"}
    lieu = LieuFactory(organisation=cast.organisation)
    both = [agents["A"], agents["B"]]
    rdv = RdvFactory(
        motif=cast.motif, lieu=lieu, agents=both, usagers=[lea], starts_at=NOW + 10 * DAY
    )
    atelier = MotifFactory(organisation=cast.organisation, service=cast.social, is_collective=True)
    workshop = RdvFactory(
        motif=atelier, lieu=lieu, agents=both, usagers=[lea, paul], starts_at=NOW + 20 * DAY
    )
    return World(
        cast, agents, lea, paul, rdv, workshop, LieuFactory(organisation=cast.organisation)
    )


def edit(world, rdv=None, author="A", **fields):
    rdv = rdv or world.rdv
    edit_rdv(rdv_id=rdv.pk, fields=RdvFields(**fields), actor=world.actor(author), now=NOW)


def move(world, rdv=None, author="A", **values):
    rdv = rdv or world.rdv
    start, end = rdv.starts_at + DAY, rdv.ends_at + DAY
    actor = world.actor(author)
    move_rdv(rdv_id=rdv.pk, starts_at=start, ends_at=end, actor=actor, now=NOW, **values)


def status(world, value, rdv=None, author="A"):
    rdv = rdv or world.rdv
    set_rdv_status(rdv_id=rdv.pk, status=value, actor=world.actor(author), now=NOW)


def person(world, value, rdv=None, author="A"):
    row = world.rdv_of(rdv or world.workshop)
    set_participation_status(
        participation_id=row.pk, status=value, actor=world.actor(author), now=NOW
    )


def silently(act):
    """Bring the world to the state before the event: what was said on the way is forgotten."""
    act()
    OutboxMessage.objects.all().delete()


def quietly_cancelled(world, rdv):
    silently(lambda: set_rdv_status(rdv_id=rdv.pk, status="revoked", actor=world.actor(), now=NOW))


def usager_moves(world):
    """The agent changes too: B gives way to C (42)."""
    before = Before.of(world.rdv)
    rdv = Rdv.objects.get(pk=world.rdv.pk)
    rdv.starts_at, rdv.ends_at, rdv.version = rdv.starts_at + DAY, rdv.ends_at + DAY, 1
    rdv.save()
    AgentRdv.objects.filter(rdv=rdv, agent=world.agents["B"]).update(agent=world.agents["C"])
    change = RdvChange(
        before,
        agents_in=frozenset({world.agents["C"].pk}),
        agents_out=frozenset({world.agents["B"].pk}),
    )
    announce_changed(rdv, change, actor=world.actor("lea"), now=NOW)


def joins(world, actor):
    Participation.objects.filter(rdv=world.workshop, usager=world.lea).delete()
    register(rdv_id=world.workshop.pk, usager_ids=[world.lea.pk], actor=actor, now=NOW)


def prescribed(world):
    row = Prescripteur.objects.create(first_name="Pia", last_name="Onyx", email="pia@exemple.fr")
    joins(world, PrescripteurActor(prescripteur_id=row.pk, name="P. Onyx"))


def back(world, rdv):
    quietly_cancelled(world, rdv)
    status(world, "unknown", rdv)


def person_back(world):
    silently(lambda: person(world, "excused"))
    person(world, "unknown")


def add(world, rdv):
    edit(world, rdv, usagers_in=frozenset({world.cast.usager.pk}))


def remove(world, rdv):
    edit(world, rdv, usagers_out=frozenset({world.lea.pk}))


def remove_from_individual(world):
    silently(lambda: add(world, world.rdv))
    remove(world, world.rdv)


def reminded(world):
    plan_reminders(world.rdv, now=NOW)
    send_due_reminders(now=Reminder.objects.get().due_at)


def arrived(world):
    at = world.rdv.starts_at - timedelta(minutes=10)
    mark_arrival(
        participation_id=world.rdv_of(world.rdv).pk,
        has_arrived=True,
        actor=world.actor(),
        now=at,
    )


def past(world):
    Rdv.objects.filter(pk=world.rdv.pk).update(starts_at=NOW - DAY, ends_at=NOW)
    for value in ("seen", "unknown", "noshow"):
        status(world, value)


def switched_off(world, act):
    edit(world, switches={world.lea.pk: Switches(False, False)})
    act()


def with_visibility(world, visibility, act):
    world.cast.motif.visibility = visibility
    world.cast.motif.save()
    act()
