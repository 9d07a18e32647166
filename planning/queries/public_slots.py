"""The créneaux that the public sees: rows -> engine -> starts. Six statements, however many."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from agents.models import Agent
from motifs.models import Availability
from planning.models import AgentRdv, Indisponibilite, PlageOuverture
from planning.queries.schedules import indisponibilite_schedule, plage_schedule
from planning.slots.engine import bookable_slots, find_slots, next_slot
from planning.slots.holidays import holidays_between
from planning.slots.types import Absence, Audience, Busy, Interval, Opening, SlotRequest
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from motifs.models import Lieu, Motif

Where = tuple["Motif", "Lieu | None"]
Found = tuple[int, int | None, datetime]
"""Motif, lieu, start."""

WEEK_DAYS = 7
NEAR = timedelta(days=14)
OTHERS = 3


class Agendas:
    """What decides of the créneaux of some motifs of one territoire, read once."""

    def __init__(self, motifs: Sequence[Motif], *, now: datetime) -> None:
        self.now = now
        territoire = motifs[0].organisation.territoire
        self.zone = territoire.zone
        self.today = local_day(now, self.zone)
        ends = self.today + timedelta(days=366)
        self.holidays = holidays_between(territoire.holiday_zone, self.today, ends)
        self.openings = _openings(motifs)
        agents = {opening.agent for opening in self.openings}
        self.absences = _absences(agents)
        self.busy = _busy(agents, now)

    def request(
        self, motif: Motif, lieu: Lieu | None, first: date, last: date | None = None
    ) -> SlotRequest:
        return SlotRequest(
            zone=self.zone,
            now=self.now,
            first=first,
            last=last,
            audience=Audience.USAGER,
            motif=motif.pk,
            duration=timedelta(minutes=motif.duration_minutes),
            min_delay=timedelta(minutes=motif.min_delay_minutes),
            max_delay=timedelta(minutes=motif.max_delay_minutes),
            openings=self.openings,
            absences=self.absences,
            busy=self.busy,
            holidays=self.holidays,
            lieu=lieu.pk if lieu else None,
        )

    def starts(self, motif: Motif, lieu: Lieu | None, first: date, last: date) -> list[datetime]:
        return [slot.start for slot in find_slots(self.request(motif, lieu, first, last))]

    def next_start(self, motif: Motif, lieu: Lieu | None, first: date) -> datetime | None:
        slot = next_slot(self.request(motif, lieu, first))
        return slot.start if slot else None


def next_times(wheres: Sequence[Where], *, now: datetime) -> dict[tuple[int, int | None], datetime]:
    """Return the soonest créneau of each (motif, lieu) that has one. One territoire."""
    if not wheres:
        return {}
    agendas = Agendas([motif for motif, _ in wheres], now=now)
    found = {_key(w): agendas.next_start(*w, first=agendas.today) for w in wheres}
    return {key: start for key, start in found.items() if start is not None}


def first_time(
    motif: Motif, lieu: Lieu | None, *, now: datetime, from_day: date | None = None
) -> datetime | None:
    """Return the soonest créneau, from a civil day on."""
    agendas = Agendas([motif], now=now)
    return agendas.next_start(motif, lieu, max(from_day or agendas.today, agendas.today))


def week_times(
    motif: Motif, lieu: Lieu | None, *, first_day: date, now: datetime
) -> list[datetime]:
    """Return the créneaux of seven civil days, in order, in the zone of the territoire."""
    last = first_day + timedelta(days=WEEK_DAYS - 1)
    return Agendas([motif], now=now).starts(motif, lieu, first_day, last)


def is_free(
    motif: Motif,
    lieu: Lieu | None,
    starts_at: datetime,
    *,
    now: datetime,
    chosen_at: datetime | None = None,
) -> bool:
    """Tell whether a chosen time can still be booked (decision 18)."""
    agendas = Agendas([motif], now=now)
    request = agendas.request(motif, lieu, agendas.today)
    return bool(bookable_slots(request, starts_at, chosen_at=chosen_at))


def nearest_times(
    where: Where, wheres: Sequence[Where], starts_at: datetime, *, now: datetime
) -> tuple[list[Found], list[Found]]:
    """Return up to 3 créneaux at `where`, then up to 3 at the others, by distance in time (A06).

    A fortnight around is looked at, then whatever comes next.
    """
    agendas = Agendas([motif for motif, _ in [where, *wheres]], now=now)
    others = {_key(w): w for w in wheres if _key(w) != _key(where)}
    here = _around(agendas, where, starts_at)
    there = [found for other in others.values() for found in _around(agendas, other, starts_at)]
    return _closest(here, starts_at), _closest(there, starts_at)


def _around(agendas: Agendas, where: Where, starts_at: datetime) -> list[Found]:
    day = max(local_day(starts_at, agendas.zone), agendas.today)
    first, last = max(day - NEAR, agendas.today), day + NEAR
    starts = agendas.starts(*where, first=first, last=last)
    if not starts:
        following = agendas.next_start(*where, first=last)
        starts = [following] if following else []
    return [(*_key(where), start) for start in starts if start != starts_at]


def _closest(found: list[Found], starts_at: datetime) -> list[Found]:
    """Distances are between instants: two local datetimes of one zone compare by wall clock."""
    target = starts_at.astimezone(UTC)

    def distance(entry: Found) -> tuple[timedelta, datetime]:
        start = entry[2].astimezone(UTC)
        return abs(start - target), start

    return sorted(found, key=distance)[:OTHERS]


def _key(where: Where) -> tuple[int, int | None]:
    motif, lieu = where
    return motif.pk, lieu.pk if lieu else None


def _openings(motifs: Sequence[Motif]) -> tuple[Opening, ...]:
    plages = (
        PlageOuverture.objects.filter(
            motifs__in=[motif.pk for motif in motifs], agent__in=Agent.objects.active()
        )
        .exclude(lieu__availability=Availability.CLOSED)
        .distinct()
        .order_by("created_at", "pk")
        .prefetch_related("plage_motifs", "exceptions")
    )
    return tuple(
        Opening(
            id=plage.pk,
            agent=plage.agent_id,
            schedule=plage_schedule(plage),
            lieu=plage.lieu_id,
            order=order,
            motifs=frozenset(row.motif_id for row in plage.plage_motifs.all()),
            open_on_holidays=plage.opens_on_holidays,
        )
        for order, plage in enumerate(plages)
    )


def _absences(agents: set[int]) -> tuple[Absence, ...]:
    rows = Indisponibilite.objects.filter(agent__in=agents).prefetch_related("exceptions")
    return tuple(Absence(row.agent_id, indisponibilite_schedule(row)) for row in rows)


def _busy(agents: set[int], now: datetime) -> tuple[Busy, ...]:
    rows = AgentRdv.objects.filter(agent__in=agents, holds_time=True, ends_at__gt=now)
    return tuple(
        Busy(agent, Interval(start, end))
        for agent, start, end in rows.values_list("agent", "starts_at", "ends_at")
    )
