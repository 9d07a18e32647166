"""Insert plages d'ouverture and indisponibilités, and say which instants they cover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from motifs.models import LocationType
from planning.models import (
    Indisponibilite,
    IndisponibiliteException,
    PlageException,
    PlageMotif,
    PlageOuverture,
)
from planning.slots.recurrence import occurs_on
from rdv.demo.calendar import rule_of
from rdv.demo.structures import team

if TYPE_CHECKING:
    from agents.models import Agent, Organisation, Territoire
    from motifs.models import Lieu, Motif
    from rdv.demo.team import Member
    from rdv.demo.world import World

WEEKS_BEFORE = 18
SATURDAY = 5


@dataclass(frozen=True)
class Pattern:
    """A weekly opening. `place` is the rank of the lieu, or None away from any."""

    weekdays: tuple[int, ...]
    start: time
    end: time
    interval: int = 1
    place: int | None = 0


NINE, NOON, HALF_PAST_ONE = time(9), time(12), time(13, 30)

PATTERNS = (
    (
        Pattern((0, 1, 3), NINE, NOON),
        Pattern((2,), time(14), time(17), place=None),
        Pattern((4,), HALF_PAST_ONE, time(16, 30), interval=2, place=1),
    ),
    (
        Pattern((1, 2, 4), time(8, 30), NOON),
        Pattern((3,), HALF_PAST_ONE, time(17), interval=2, place=2),
        Pattern((0, 4), time(14), time(16, 30), place=None),
    ),
    (
        Pattern((0, 2, 4), HALF_PAST_ONE, time(17)),
        Pattern((1, 3), NINE, time(11, 30), place=None),
    ),
)
TOWN_HALL = (
    Pattern((0, 1, 2, 3, 4), time(8, 30), NOON),
    Pattern((0, 1, 3, 4), HALF_PAST_ONE, time(17, 30)),
    Pattern((SATURDAY,), NINE, NOON, interval=2, place=1),
)
# An agent of two organisations shares the week between them.
HALVES = ((0, 1, 2), (3, 4))


def takes_turn(rank: int, every: int, offset: int) -> bool:
    """Say whether the agent of this rank is one of those: one in `every`, always the same."""
    return rank % every == offset


def working_day(day: date) -> date:
    """Return `day`, or the Monday after a week-end."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= SATURDAY else day


def add_openings(world: World) -> None:
    for rank, (member, agent) in enumerate(team(world)):
        if "secretariat" in member.services or not member.services:
            continue
        for half, (slug, _) in enumerate(member.levels):
            days = HALVES[half] if len(member.levels) > 1 else tuple(range(7))
            desk = Desk(world, member, agent, world.organisations[slug], rank)
            if desk.motifs:
                desk.open_weeks(days)
                if half == 0:  # never in two organisations at once
                    desk.open_now_and_then()
    _add_rows(world)
    _add_exceptions(world)
    _add_absences(world)


class Desk:
    """An agent at work in one organisation."""

    def __init__(
        self, world: World, member: Member, agent: Agent, organisation: Organisation, rank: int
    ) -> None:
        self.world, self.agent, self.organisation, self.rank = world, agent, organisation, rank
        services = set(member.services.split())
        rows = world.motifs.get(organisation.slug, [])
        self.motifs = [motif for motif in rows if motif.service.code in services]
        self.is_town_hall = services == {"etat-civil"}

    def open_weeks(self, days: tuple[int, ...]) -> None:
        patterns = TOWN_HALL if self.is_town_hall else PATTERNS[self.rank % len(PATTERNS)]
        monday = self.world.monday - timedelta(weeks=WEEKS_BEFORE)
        for pattern in patterns:
            weekdays = [day for day in pattern.weekdays if day in days]
            if weekdays:
                self._open(
                    pattern.place,
                    first_day=monday + timedelta(days=weekdays[0]),
                    start_time=pattern.start,
                    end_time=pattern.end,
                    frequency="weekly",
                    interval=pattern.interval,
                    weekdays=weekdays,
                )

    def open_now_and_then(self) -> None:
        """Open some Saturdays, some evenings, and once in the coming days."""
        today, rank = self.world.today, self.rank
        month = date(today.year, today.month, 1) - timedelta(days=95)
        if takes_turn(rank, 4, 0) and not self.is_town_hall:
            first = month + timedelta(days=(SATURDAY - month.weekday()) % 7)
            self._open(
                0,
                "Permanence du samedi",
                first_day=first,
                start_time=NINE,
                end_time=NOON,
                frequency="monthly_weekday",
                month_rank=(first.day - 1) // 7 + 1,
            )
        if takes_turn(rank, 7, 3):
            self._open(
                0,
                "Permanence du soir",
                first_day=month.replace(day=15),
                start_time=time(17, 30),
                end_time=time(19),
                frequency="monthly_day",
            )
        if takes_turn(rank, 3, 1):
            self._open(
                0,
                "Ouverture exceptionnelle",
                first_day=working_day(today + timedelta(days=3 + rank % 5)),
                start_time=time(12, 15),
                end_time=time(13, 15),
            )

    def _open(self, place: int | None, title: str = "", **columns: object) -> None:
        lieu, motifs = self._lieu_and_motifs(place)
        world = self.world
        plage = PlageOuverture(
            uuid=world.uuid("plage", len(world.plages)),
            organisation=self.organisation,
            agent=self.agent,
            lieu=lieu,
            title=title or ("Permanence" if lieu else "Téléphone, visio et visites"),
            **columns,
        )
        world.plage_motifs[len(world.plages)] = motifs
        world.plages.append(plage)

    def _lieu_and_motifs(self, place: int | None) -> tuple[Lieu | None, list[Motif]]:
        on_site = [m for m in self.motifs if m.location_type == LocationType.SUR_PLACE]
        away = [m for m in self.motifs if m.location_type != LocationType.SUR_PLACE]
        if away and (place is None or not on_site):
            return None, away
        lieux = self.world.lieux[self.organisation.slug]
        return lieux[(place or 0) % len(lieux)], on_site


def _add_rows(world: World) -> None:
    world.plages = PlageOuverture.objects.bulk_create(world.plages)
    PlageMotif.objects.bulk_create(
        PlageMotif(plage=plage, motif=motif)
        for number, plage in enumerate(world.plages)
        for motif in world.plage_motifs[number]
    )
    world.plage_motifs = {
        plage.pk: world.plage_motifs[number] for number, plage in enumerate(world.plages)
    }


def _add_exceptions(world: World) -> None:
    """One plage in five is closed one week, and opens later the week after."""
    weekly = [plage for plage in world.plages if plage.frequency == "weekly"]
    rows = []
    for plage in weekly[::5]:
        soon = [world.today + timedelta(days=offset) for offset in range(6, 40)]
        closed, changed = [day for day in soon if occurs_on(rule_of(plage), day)][:2]
        rows.append(PlageException(plage=plage, day=closed))
        rows.append(
            PlageException(
                plage=plage,
                day=changed,
                new_day=changed,
                new_start_time=plage.start_time.replace(minute=45),
                new_end_time=plage.end_time,
            )
        )
    PlageException.objects.bulk_create(rows)


def _add_absences(world: World) -> None:
    """A meeting each week, holidays of several days, a training day."""
    rows: list[Indisponibilite] = []
    for rank, (member, agent) in enumerate(team(world)):
        territoire = _territoire(world, member)
        for plan in _absence_plans(world, rank):
            rows.append(
                Indisponibilite(
                    uuid=world.uuid("indisponibilite", len(rows)),
                    agent=agent,
                    territoire=territoire,
                    **plan,
                )
            )
    rows = Indisponibilite.objects.bulk_create(rows)
    meetings = [row for row in rows if row.frequency == "weekly"]
    IndisponibiliteException.objects.bulk_create(
        IndisponibiliteException(
            indisponibilite=row, day=row.first_day + timedelta(weeks=WEEKS_BEFORE + 1)
        )
        for row in meetings[::4]
    )


def _territoire(world: World, member: Member) -> Territoire:
    if member.levels:
        return world.organisations[member.levels[0][0]].territoire
    return world.territoires[member.territoire_admin]


def _absence_plans(world: World, rank: int) -> list[dict[str, object]]:
    plans: list[dict[str, object]] = []
    monday = world.monday
    if takes_turn(rank, 2, 0):
        first = monday - timedelta(weeks=WEEKS_BEFORE) + timedelta(days=1)
        plans.append(
            {
                "title": "Réunion d’équipe",
                "first_day": first,
                "end_day": first,
                "start_time": NINE,
                "end_time": time(10),
                "frequency": "weekly",
                "weekdays": [1],
            }
        )
    if takes_turn(rank, 5, 2):
        first = monday + timedelta(weeks=1 + rank % 4)
        plans.append(_days_off("Congés", first, days=7 if takes_turn(rank, 10, 2) else 3))
    if takes_turn(rank, 6, 1):
        plans.append(_days_off("Formation", monday + timedelta(days=9 + rank % 3), days=1))
    if takes_turn(rank, 9, 4):
        plans.append(_days_off("Arrêt de travail", monday - timedelta(weeks=3), days=5))
    return plans


def _days_off(title: str, first: date, *, days: int) -> dict[str, object]:
    return {
        "title": title,
        "first_day": first,
        "end_day": first + timedelta(days=days - 1),
        "start_time": time(8),
        "end_time": time(19),
    }
