"""Insert équipes and RDV collectifs, after all the rest: they take no turn of its dice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from agents.models import Equipe, EquipeAgent
from motifs.models import BookingLevel, Motif
from planning.models import Action, AgentRdv, AuthorKind, Participation, Rdv, RdvEvent
from planning.rules.status import SEEN, UNKNOWN
from rdv.demo.places import DEPARTEMENT
from rdv.demo.world import PARIS
from usagers.models import Rattachement, Usager

if TYPE_CHECKING:
    from datetime import date

    from agents.models import Agent
    from rdv.demo.world import World

# Weeks around the Monday of today that have each workshop, on Saturday: no plage is open then.
WEEKS = range(-4, 7)
EQUIPES = (
    ("Travail social – bassin d’Arvelles", "social"),
    ("Puéricultrices et sages-femmes", "pmi"),
    ("Insertion et emploi", "rsa"),
)


@dataclass(frozen=True)
class Workshop:
    """A motif and its sessions: at `hour` on Saturdays, one `every` so many weeks."""

    organisation: str
    service: str
    motif: str
    title: str
    hour: time
    minutes: int
    seats: int | None
    every: int
    color: str


WORKSHOPS = (
    Workshop(
        "france-services-montbrun", "conseiller-numerique", "Atelier numérique",
        "Premiers pas sur internet", time(10), 90, 8, 1, "#4a9df7",
    ),
    Workshop(
        "pmi-arvelles", "pmi", "Atelier parents-bébés",
        "Massage et portage", time(9, 30), 60, 6, 2, "#18753c",
    ),
    Workshop(
        "mds-arvelles", "social", "Réunion d’information collective",
        "Vos droits et vos aides", time(14), 120, None, 3, "#5c4a9e",
    ),
)  # fmt: skip


def add_groups(world: World) -> None:
    _add_equipes(world)
    for workshop in WORKSHOPS:
        _add_workshop(world, workshop)


def _add_equipes(world: World) -> None:
    territoire = world.territoires[DEPARTEMENT]
    for name, service in EQUIPES:
        equipe = Equipe.objects.create(
            uuid=world.uuid("equipe", name), territoire=territoire, name=name
        )
        EquipeAgent.objects.bulk_create(
            EquipeAgent(equipe=equipe, agent=agent) for agent in _of_service(world, service)
        )


def _of_service(world: World, service: str, organisation: str | None = None) -> list[Agent]:
    """Return who signs in for that service in the département, in the order of the team."""
    found = (
        agent
        for agent in world.agents.values()
        if agent.account_id
        and agent.agent_services.filter(
            territoire=world.territoires[DEPARTEMENT], service=world.services[service]
        ).exists()
        and (organisation is None or agent in world.staff[organisation])
    )
    return sorted(found, key=lambda agent: agent.pk)


def _add_workshop(world: World, workshop: Workshop) -> None:
    motif = Motif.objects.create(
        uuid=world.uuid("motif", f"{workshop.organisation}/{workshop.motif}"),
        organisation=world.organisations[workshop.organisation],
        service=world.services[workshop.service],
        name=workshop.motif,
        color=workshop.color,
        duration_minutes=workshop.minutes,
        is_collective=True,
        booking_level=BookingLevel.AGENTS,
    )
    agent = _of_service(world, workshop.service, workshop.organisation)[0]
    people = list(Usager.objects.filter(organisations=motif.organisation).order_by("pk")[:60])
    for turn, week in enumerate(WEEKS[:: workshop.every]):
        day = world.monday + timedelta(days=5, weeks=week)
        rdv = _session(world, workshop, motif, agent, day)
        # One of them is full; a free seat or two elsewhere.
        count = workshop.seats or len(WEEKS)
        _register(world, rdv, people[turn * 3 : turn * 3 + max(count - turn, 2)], agent)


def _session(world: World, workshop: Workshop, motif: Motif, agent: Agent, day: date) -> Rdv:
    start = datetime.combine(day, workshop.hour, PARIS)
    rdv = Rdv.objects.create(
        uuid=world.uuid("workshop", f"{motif.uuid}/{day}"),
        organisation=motif.organisation,
        motif=motif,
        lieu=world.lieux[workshop.organisation][0],
        starts_at=start,
        ends_at=start + timedelta(minutes=workshop.minutes),
        status=SEEN if start < world.now else UNKNOWN,
        title=workshop.title,
        seats_total=workshop.seats,
        created_at=world.founded_at,
    )
    AgentRdv.objects.create(rdv=rdv, agent=agent)
    RdvEvent.objects.create(
        rdv=rdv,
        at=rdv.created_at,
        action=Action.CREATED,
        author_kind=AuthorKind.AGENT,
        author_agent=agent,
        author_name=agent.full_name,
    )
    return rdv


def _register(world: World, rdv: Rdv, people: list[Usager], agent: Agent) -> None:
    Participation.objects.bulk_create(
        Participation(
            uuid=world.uuid("participation", f"{rdv.uuid}/{rank}"),
            rdv=rdv,
            usager=person,
            status=rdv.status,
            created_by_agent=agent,
            created_at=rdv.created_at,
        )
        for rank, person in enumerate(people)
    )
    Rattachement.objects.bulk_create(
        [Rattachement(usager=person, organisation=rdv.organisation) for person in people],
        ignore_conflicts=True,
    )
