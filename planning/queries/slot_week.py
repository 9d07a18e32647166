"""The week of créneaux of « Trouver un RDV »: days, times, and who is free at each time (E04)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from planning.models import PlageOuverture
from planning.queries.availability import next_by_lieu, next_slot, week_slots
from planning.slots.holidays import holiday_names

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from agents.models import Agent
    from motifs.models import Lieu
    from planning.queries.availability import Found
    from planning.queries.slot_search import Wanted

OTHERS_SHOWN = 4
"""How many other agents a time lists; beyond, a page of its own does."""


@dataclass(frozen=True)
class Taker:
    """Somebody who is free: what a créneau needs to become a RDV."""

    agent: Agent
    plage_uuid: UUID


@dataclass(frozen=True)
class Creneau:
    """A time. `first` comes from the first registered plage (decision 17), `others` by name."""

    starts_at: datetime
    ends_at: datetime
    first: Taker
    others: list[Taker]

    @property
    def key(self) -> str:
        return self.starts_at.isoformat()

    @property
    def listed(self) -> list[Taker]:
        return self.others if len(self.others) <= OTHERS_SHOWN else []

    @property
    def everybody(self) -> list[Taker]:
        return [self.first, *self.others]


@dataclass(frozen=True)
class Day:
    day: date
    is_today: bool
    holiday: str
    creneaux: list[Creneau] = field(default_factory=list)


@dataclass(frozen=True)
class LieuLine:
    """A lieu with its next availability, None when there is none in six months."""

    lieu: Lieu
    starts_at: datetime | None
    agent: Agent | None


def week_of(wanted: Wanted, *, today: date) -> list[Day]:
    """Return seven days from the criteria's, with their créneaux."""
    days = week_slots(wanted.search(), wanted.criteria.day)
    plages = _plages(found for slots in days.values() for found in slots)
    people = {agent.pk: agent for agent in wanted.choices.agents}
    lasts = timedelta(minutes=wanted.duration_minutes)
    zone = wanted.motif.organisation.territoire.holiday_zone
    return [
        Day(
            day,
            is_today=day == today,
            holiday=holiday_names(zone, day.year).get(day, ""),
            creneaux=[
                _creneau(list(free), lasts, plages, people)
                for _, free in groupby(slots, key=_instant)
            ],
        )
        for day, slots in days.items()
    ]


def _instant(found: Found) -> tuple[datetime, int]:
    """In a repeated hour, two instants of one zone are equal for Python."""
    return found[0], found[0].fold


def _plages(found: Iterable[Found]) -> dict[int, tuple[int, UUID]]:
    """Return the rank of registration and the uuid of each plage."""
    rows = PlageOuverture.objects.filter(pk__in={slot[3] for slot in found})
    ranked = rows.order_by("created_at", "pk").values_list("pk", "uuid")
    return {key: (rank, uuid) for rank, (key, uuid) in enumerate(ranked)}


def _creneau(
    free: list[Found],
    lasts: timedelta,
    plages: dict[int, tuple[int, UUID]],
    people: dict[int, Agent],
) -> Creneau:
    starts_at = free[0][0]
    # Adding real time: on the night of a clock change the wall clock would be an hour off.
    ends_at = (starts_at.astimezone(UTC) + lasts).astimezone(starts_at.tzinfo)
    free.sort(key=lambda found: plages[found[3]][0])
    first, *others = (Taker(people[found[1]], plages[found[3]][1]) for found in free)
    others.sort(key=lambda taker: (taker.agent.sort_key, taker.agent.pk))
    return Creneau(starts_at, ends_at, first, others)


def next_of(wanted: Wanted) -> Found | None:
    """Return the next availability from the criteria's day, six months ahead at most."""
    return next_slot(wanted.search(), wanted.criteria.day)


def lieu_lines(wanted: Wanted, lieux: Iterable[Lieu]) -> list[LieuLine]:
    """Return the lieux, the soonest availability first, those without any last, by name."""
    soonest = next_by_lieu(wanted.search(), wanted.criteria.day)
    people = {agent.pk: agent for agent in wanted.choices.agents}
    lines = []
    for lieu in lieux:
        found = soonest.get(lieu.pk)
        lines.append(
            LieuLine(lieu, found[0] if found else None, people[found[1]] if found else None)
        )
    never = datetime.max.replace(tzinfo=UTC)
    return sorted(lines, key=lambda line: line.starts_at or never)
