"""The rows of an agenda: what it tells of a RDV, a plage, an absence, and no more.

A week of 20 agents is some 240 RDVs and 200 openings: values are read, not objects, which would
cost more than the tables. Who may read what is said by the policies, here as elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from agents.models import Agent
from agents.permissions import Permission
from motifs.models import LocationType
from planning.models import (
    AgentRdv,
    Frequency,
    Indisponibilite,
    IndisponibiliteException,
    Participation,
    PlageException,
    PlageMotif,
)
from planning.policies import indisponibilites_for, plages_for, rdvs_for
from planning.queries.agenda_rdv import PLACE_SIGNS, seats_words, title_of
from planning.queries.schedule_words import replaced_date_words
from planning.queries.schedules import absence_schedule, opening_schedule
from planning.rules.status import CANCELLED, UNKNOWN
from planning.slots.recurrence import expand
from usagers.rules.names import full_name

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime, time
    from uuid import UUID

    from agents.permissions import Actor
    from planning.slots.types import Interval, Schedule

LONGEST_RECURRING_ABSENCE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class AgendaRdv:
    """A RDV that the actor may read.

    `title`: names of the usagers, or that of the workshop. `seats`: "3/8" of a collective RDV.
    `place_sign`: one character when it is not "sur place", whose words are `place_type`.
    `agent_names`: "" when they were not asked for. `is_arrived`: and the territoire marks it.
    """

    pk: int
    uuid: UUID
    organisation_id: int
    organisation_name: str
    zone: ZoneInfo
    starts_at: datetime
    ends_at: datetime
    status: str
    title: str
    seats: str
    motif_name: str
    color: str
    place: str
    place_type: str
    place_sign: str
    is_taken_online: bool
    is_arrived: bool
    agent_names: str

    def may_be_dragged(self, zone: ZoneInfo) -> bool:
        """What was filled in stays where it was.

        An agenda speaks the hours of one zone: a RDV of another territoire is moved by its page.
        """
        return self.status == UNKNOWN and self.zone == zone


@dataclass(frozen=True, slots=True)
class AgendaPlage:
    pk: int
    agent_id: int
    organisation_id: int
    organisation_name: str
    title: str
    lieu_name: str
    motif_names: tuple[str, ...]
    replaces: str  # the date of which series, in words, or ""


@dataclass(frozen=True, slots=True)
class AgendaAbsence:
    uuid: UUID
    title: str


class _RdvColumns(NamedTuple):
    pk: int
    uuid: UUID
    organisation_id: int
    organisation__name: str
    organisation__territoire__timezone: str
    organisation__territoire__colours_arrivals: bool
    starts_at: datetime
    ends_at: datetime
    status: str
    title: str
    seats_total: int | None
    motif__name: str
    motif__color: str
    motif__location_type: str
    motif__is_collective: bool
    lieu__name: str | None


class _Person(NamedTuple):
    rdv_id: int
    status: str
    arrived_at: datetime | None
    created_by_usager_id: int | None
    usager__first_name: str
    usager__last_name: str
    usager__birth_name: str

    @property
    def has_arrived(self) -> bool:
        return bool(self.arrived_at) and self.status not in CANCELLED


def read_rdvs(
    rdv_ids: Collection[int], actor: Actor | None, *, with_names: bool
) -> tuple[AgendaRdv, ...]:
    """Return the RDVs among `rdv_ids` that may be read, in order of time: two statements.

    Two more for the names of their agents.
    """
    found = rdvs_for(actor, Permission.RDV_READ).filter(pk__in=rdv_ids)
    columns = found.order_by("starts_at", "pk").values_list(*_RdvColumns._fields)
    rows = [_RdvColumns._make(row) for row in columns]
    ids = [row.pk for row in rows]
    people: dict[int, list[_Person]] = defaultdict(list)
    present = Participation.objects.filter(rdv__in=ids).order_by("pk")
    for values in present.values_list(*_Person._fields):
        people[values[0]].append(_Person._make(values))
    names = _agent_names(ids) if with_names else {}
    places = {kind.value: str(kind.label) for kind in LocationType}
    return tuple(_rdv(row, people[row.pk], names.get(row.pk, ""), places) for row in rows)


def _rdv(
    row: _RdvColumns, people: list[_Person], agent_names: str, places: dict[str, str]
) -> AgendaRdv:
    place_type = places[row.motif__location_type]
    taken = sum(person.status not in CANCELLED for person in people)
    return AgendaRdv(
        pk=row.pk,
        uuid=row.uuid,
        organisation_id=row.organisation_id,
        organisation_name=row.organisation__name,
        zone=ZoneInfo(row.organisation__territoire__timezone),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        status=row.status,
        title=title_of(
            row.title,
            motif=row.motif__name,
            is_collective=row.motif__is_collective,
            names=(full_name(*person[-3:]) for person in people),
        ),
        seats=seats_words(taken, row.seats_total) if row.motif__is_collective else "",
        motif_name=row.motif__name,
        color=row.motif__color,
        place=row.lieu__name or place_type,
        place_type=place_type,
        place_sign=PLACE_SIGNS.get(row.motif__location_type, ""),
        is_taken_online=any(person.created_by_usager_id for person in people),
        is_arrived=row.organisation__territoire__colours_arrivals
        and any(person.has_arrived for person in people),
        agent_names=agent_names,
    )


def _agent_names(rdv_ids: list[int]) -> dict[int, str]:
    pairs = list(
        AgentRdv.objects.filter(rdv__in=rdv_ids)
        .order_by("agent__sort_key", "pk")
        .values_list("rdv_id", "agent_id")
    )
    known = Agent.objects.select_related("account").in_bulk({agent for _, agent in pairs})
    names: dict[int, list[str]] = defaultdict(list)
    for rdv_id, agent_id in pairs:
        names[rdv_id].append(known[agent_id].full_name)
    return {rdv_id: ", ".join(found) for rdv_id, found in names.items()}


class _PlageColumns(NamedTuple):
    pk: int
    agent_id: int
    organisation_id: int
    organisation__name: str
    organisation__territoire__timezone: str
    title: str
    lieu__name: str | None
    replaces__day: date | None
    replaces__plage__title: str | None
    first_day: date
    start_time: time
    end_time: time
    frequency: str
    interval: int
    weekdays: list[int]
    month_rank: int | None
    recurrence_ends_on: date | None


def read_plages(
    agent_ids: list[int], actor: Actor | None, period: Interval
) -> list[tuple[AgendaPlage, tuple[Interval, ...]]]:
    """Return the plages that may be read and when they open in `period`: three statements."""
    first, last = _margin(period)
    moved = PlageException.objects.filter(plage=OuterRef("pk"), new_day__range=(first, last))
    found = plages_for(actor, Permission.PLAGE_READ).filter(
        Q(frequency=Frequency.NONE, first_day__range=(first, last))
        | _recurs(first, last)
        | Q(Exists(moved)),
        agent__in=agent_ids,
    )
    rows = [_PlageColumns._make(row) for row in found.values_list(*_PlageColumns._fields)]
    ids = [row.pk for row in rows]
    exceptions: dict[int, list[PlageException]] = defaultdict(list)
    for exception in PlageException.objects.filter(plage__in=ids):
        exceptions[exception.plage_id].append(exception)
    motifs: dict[int, list[str]] = defaultdict(list)
    offered = PlageMotif.objects.filter(plage__in=ids).order_by("motif")
    for plage_id, name in offered.values_list("plage_id", "motif__name"):
        motifs[plage_id].append(name)
    spans = _Spans(period)
    return [
        (
            _plage(row, motifs[row.pk]),
            spans.of(
                opening_schedule(row, exceptions[row.pk]), row.organisation__territoire__timezone
            ),
        )
        for row in rows
    ]


def _plage(row: _PlageColumns, motif_names: list[str]) -> AgendaPlage:
    return AgendaPlage(
        pk=row.pk,
        agent_id=row.agent_id,
        organisation_id=row.organisation_id,
        organisation_name=row.organisation__name,
        title=row.title,
        lieu_name=row.lieu__name or "",
        motif_names=tuple(motif_names),
        replaces=replaced_date_words(row.replaces__day, row.replaces__plage__title or "")
        if row.replaces__day
        else "",
    )


class _AbsenceColumns(NamedTuple):
    pk: int
    uuid: UUID
    agent_id: int
    may_read_title: bool
    title: str
    territoire__timezone: str
    first_day: date
    end_day: date
    start_time: time
    end_time: time
    frequency: str
    interval: int
    weekdays: list[int]
    month_rank: int | None
    recurrence_ends_on: date | None


def read_absences(
    agent_ids: list[int], actor: Actor | None, period: Interval
) -> list[tuple[int, AgendaAbsence | None, tuple[Interval, ...]]]:
    """Return whose, what (None for who may not read the title, E13) and when: two statements."""
    first, last = _margin(period)
    moved = IndisponibiliteException.objects.filter(
        indisponibilite=OuterRef("pk"), new_day__lte=last, new_end_day__gte=first
    )
    titled = indisponibilites_for(actor, Permission.INDISPONIBILITE_EDIT).filter(pk=OuterRef("pk"))
    found = Indisponibilite.objects.filter(
        Q(frequency=Frequency.NONE, first_day__lte=last, end_day__gte=first)
        | _recurs(first - LONGEST_RECURRING_ABSENCE, last)
        | Q(Exists(moved)),
        agent__in=agent_ids,
    ).annotate(may_read_title=Q(agent=getattr(actor, "agent_id", None)) | Q(Exists(titled)))
    rows = [_AbsenceColumns._make(row) for row in found.values_list(*_AbsenceColumns._fields)]
    exceptions: dict[int, list[IndisponibiliteException]] = defaultdict(list)
    changed = IndisponibiliteException.objects.filter(indisponibilite__in=[row.pk for row in rows])
    for exception in changed:
        exceptions[exception.indisponibilite_id].append(exception)
    spans = _Spans(period)
    return [
        (
            row.agent_id,
            AgendaAbsence(row.uuid, row.title) if row.may_read_title else None,
            spans.of(absence_schedule(row, exceptions[row.pk]), row.territoire__timezone),
        )
        for row in rows
    ]


class _Spans:
    """When schedules happen in a period: colleagues often have the same one."""

    def __init__(self, period: Interval) -> None:
        self.period = period
        self.known: dict[tuple[Schedule, str], tuple[Interval, ...]] = {}

    def of(self, schedule: Schedule, zone: str) -> tuple[Interval, ...]:
        key = (schedule, zone)
        if key not in self.known:
            self.known[key] = expand(schedule, self.period, ZoneInfo(zone))
        return self.known[key]


def _margin(period: Interval) -> tuple[date, date]:
    """Return the days of the period in any zone: rows are written in that of their territoire."""
    day = timedelta(days=1)
    return (period.start - day).date(), (period.end + day).date()


def _recurs(first: date, last: date) -> Q:
    """Return the rules that may produce a day from `first` to `last`; the engine says which."""
    until = Q(recurrence_ends_on=None) | Q(recurrence_ends_on__gte=first)
    return ~Q(frequency=Frequency.NONE) & Q(first_day__lte=last) & until
