"""Insert RDVs inside the openings, with their agents and participations."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from motifs.models import BookingLevel, LocationType
from planning.models import AgentRdv, Participation, Rdv
from planning.rules.status import CANCELLED, EXCUSED, NOSHOW, REVOKED, SEEN, UNKNOWN
from rdv.demo.calendar import absences, openings
from rdv.demo.names import CONTEXTS
from rdv.demo.places import TERRITOIRES, TerritoirePlan
from rdv.demo.team import CITIZENS
from usagers.models import Prescripteur, Rattachement, Usager

if TYPE_CHECKING:
    from agents.models import Agent
    from motifs.models import Motif
    from planning.models import PlageOuverture
    from rdv.demo.world import Absence, World

PAST_SHARE = 0.62
OVERLAPS_SHARE = 0.008
PAST_STATUSES = ((SEEN, 0.74), (NOSHOW, 0.1), (EXCUSED, 0.08), (REVOKED, 0.05), (UNKNOWN, 0.03))
FUTURE_STATUSES = ((UNKNOWN, 0.92), (EXCUSED, 0.05), (REVOKED, 0.03))
PAST_FADING_DAYS, FUTURE_FADING_DAYS = 25, 14
CITIZEN_TURNS = (3, 30, 90)


@dataclass
class Place:
    """A time inside an opening that a RDV may take."""

    plage: PlageOuverture
    motif: Motif
    start: datetime
    end: datetime
    overlaps: bool = False


@dataclass
class Booked:
    """A RDV with all that its traces need."""

    rdv: Rdv
    agent: Agent
    people: list[Usager]
    overlaps: bool = False
    by_usager: Usager | None = None
    by_agent: Agent | None = None
    prescripteur: Prescripteur | None = None
    participations: list[Participation] = field(default_factory=list)


def add_rdvs(world: World) -> list[Booked]:
    places = _places(world)
    known = _known_people()
    booked: list[Booked] = []
    for plan in TERRITOIRES:
        own = [p for p in places if p.plage.organisation.territoire.slug == plan.slug]
        chosen = _choose(world, own, plan)
        for place in chosen:
            booked.append(_book(world, place, known, len(booked)))
        _give_to_citizen(world, plan.slug, booked)
    _insert(world, booked)
    return booked


def _places(world: World) -> list[Place]:
    away: dict[int, list[Absence]] = defaultdict(list)
    for absence in absences(world):
        away[absence.agent_id].append(absence)
    places = []
    for opening in openings(world):
        motifs = world.plage_motifs[opening.plage.pk]
        start = opening.start
        while True:
            motif = world.dice.choice(motifs)
            end = start + timedelta(minutes=motif.duration_minutes)
            if end > opening.end:
                break
            if not any(a.start < end and start < a.end for a in away[opening.plage.agent_id]):
                places.append(Place(opening.plage, motif, start, end))
            start = end
    return places


def _choose(world: World, places: list[Place], plan: TerritoirePlan) -> list[Place]:
    """Draw the RDVs of a territoire: the days around today are the fullest."""
    past = [place for place in places if place.start < world.now]
    future = [place for place in places if place.start >= world.now]
    overlaps = round(plan.rdvs * OVERLAPS_SHARE)
    before = round(plan.rdvs * PAST_SHARE)
    chosen = _draw_near(world, past, before, PAST_FADING_DAYS)
    chosen += _draw_near(world, future, plan.rdvs - before - overlaps, FUTURE_FADING_DAYS)
    for place in world.dice.sample(chosen, overlaps):
        chosen.append(Place(place.plage, place.motif, place.start, place.end, overlaps=True))
    return sorted(chosen, key=lambda place: (place.start, place.plage.pk, place.overlaps))


def _draw_near(world: World, places: list[Place], wanted: int, fading: int) -> list[Place]:
    """Draw without replacement, with weights that fade with the days."""

    def key(place: Place) -> float:
        weight = math.exp(-abs((place.start - world.now).days) / fading)
        return math.log(1 - world.dice.random()) / weight

    drawn = sorted(((key(place), number) for number, place in enumerate(places)), reverse=True)
    return [places[number] for _, number in drawn[:wanted]]


def _known_people() -> dict[int, list[Usager]]:
    """Return the usagers of each organisation, proches included."""
    known: dict[int, list[Usager]] = defaultdict(list)
    rows = Rattachement.objects.select_related("usager", "usager__responsable")
    for row in rows.order_by("pk"):
        known[row.organisation_id].append(row.usager)
    return known


def _book(world: World, place: Place, known: dict[int, list[Usager]], number: int) -> Booked:
    dice = world.dice
    past = place.start < world.now
    statuses = PAST_STATUSES if past else FUTURE_STATUSES
    status = dice.choices([s for s, _ in statuses], [w for _, w in statuses])[0]
    latest = min(place.start - timedelta(hours=2), world.now)
    created_at = latest - timedelta(minutes=dice.randrange(30, 28 * 24 * 60))
    cancelled_at = None
    if status in CANCELLED:
        cancelled_at = created_at + (latest - created_at) * dice.random()
    rdv = Rdv(
        uuid=world.uuid("rdv", number),
        organisation=place.plage.organisation,
        motif=place.motif,
        lieu=place.plage.lieu if place.motif.location_type == LocationType.SUR_PLACE else None,
        starts_at=place.start,
        ends_at=place.end,
        status=status,
        cancelled_at=cancelled_at,
        context=dice.choice(CONTEXTS) if world.chance(0.12) else "",
        created_at=created_at,
    )
    booked = Booked(rdv, place.plage.agent, _people(world, place, known), place.overlaps)
    _sign(world, booked)
    return booked


def _people(world: World, place: Place, known: dict[int, list[Usager]]) -> list[Usager]:
    """Draw somebody, with some of their family when the motif receives several persons."""
    crowd = known[place.plage.organisation_id]
    person = world.dice.choice(crowd)
    people = [person]
    if place.motif.max_persons > 1 and world.chance(0.5):
        head = person.responsable_id or person.pk
        family = [u for u in crowd if head in (u.pk, u.responsable_id) and u.pk != person.pk]
        people += family[: place.motif.max_persons - 1]
    return people


def _sign(world: World, booked: Booked) -> None:
    """Say who booked: the person online, a prescripteur, or an agent."""
    level, overlaps = booked.rdv.motif.booking_level, booked.overlaps
    online = level == BookingLevel.USAGERS and not overlaps
    head = booked.people[0].to_notify
    if online and head.email and world.chance(0.7):
        booked.by_usager = head
    elif level != BookingLevel.AGENTS and not overlaps and world.chance(0.12):
        booked.prescripteur = Prescripteur(
            first_name="Sandrine",
            last_name="Delvaux",
            email="s.delvaux@association-passerelle.example",
        )
    else:
        booked.by_agent = _colleague(world, booked)


def _colleague(world: World, booked: Booked) -> Agent:
    if booked.agent.account_id and world.chance(0.6):
        return booked.agent
    slug = booked.rdv.organisation.slug
    return world.dice.choice(world.staff[slug])


def _give_to_citizen(world: World, territoire: str, booked: list[Booked]) -> None:
    """Let the person who can sign in have RDVs to look at, past and coming."""
    for citizen in CITIZENS:
        if citizen.territoire != territoire:
            continue
        person = world.usagers[territoire][0]
        own = [b for b in booked if b.people[0].territoire_id == person.territoire_id]
        open_ones = [b for b in own if b.rdv.motif.booking_level == BookingLevel.USAGERS]
        past = [b for b in open_ones if b.rdv.starts_at < world.now]
        future = [b for b in open_ones if b.rdv.starts_at >= world.now]
        for turn in CITIZEN_TURNS:
            for several in (past, future):
                _hand_over(several[turn % len(several)], person)


def _hand_over(booked: Booked, person: Usager) -> None:
    booked.people = [person]
    booked.by_usager, booked.by_agent, booked.prescripteur = person, None, None


def _insert(world: World, booked: list[Booked]) -> None:
    Rdv.objects.bulk_create([b.rdv for b in booked])
    AgentRdv.objects.bulk_create(
        AgentRdv(rdv=b.rdv, agent=b.agent, overlap_accepted=b.overlaps) for b in booked
    )
    Prescripteur.objects.bulk_create([b.prescripteur for b in booked if b.prescripteur])
    _attach_newcomers(booked)
    for one in booked:
        one.participations = _participations(world, one)
    Participation.objects.bulk_create(row for b in booked for row in b.participations)


def _attach_newcomers(booked: list[Booked]) -> None:
    wanted = {(p.pk, b.rdv.organisation_id): None for b in booked for p in b.people}
    known = set(Rattachement.objects.values_list("usager_id", "organisation_id"))
    Rattachement.objects.bulk_create(
        Rattachement(usager_id=usager, organisation_id=organisation)
        for usager, organisation in wanted
        if (usager, organisation) not in known
    )


def _participations(world: World, booked: Booked) -> list[Participation]:
    rdv = booked.rdv
    return [
        Participation(
            uuid=world.uuid("participation", f"{rdv.uuid}/{rank}"),
            rdv=rdv,
            usager=person,
            status=rdv.status,
            cancelled_at=rdv.cancelled_at,
            created_by_agent=booked.by_agent,
            created_by_usager=booked.by_usager,
            prescripteur=booked.prescripteur,
            created_at=rdv.created_at,
        )
        for rank, person in enumerate(booked.people)
    ]
