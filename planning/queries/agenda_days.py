"""Agendas day by day: the list of the page, the grid of a month, the board of several agents."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from planning.queries.agenda_axis import SATURDAY, WEEKEND
from planning.queries.rdv_status import StatusDisplay, display_in
from rdv.common.french import time_text
from rdv.common.timezones import day_bounds, local_day

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from agents.models import Agent
    from planning.queries.agenda import Agenda
    from planning.queries.agenda_rows import AgendaAbsence, AgendaPlage, AgendaRdv

DAYS_A_WEEK = 7
MONTH_LINES = 5
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Entry:
    """One line of a day. `kind`: "rdv", "occupied" (nothing else is known), "absence" or "plage".

    `start` and `end` are in the zone of the agenda and stay inside the day. `agents`: those whose
    agendas are shown and whom it concerns. `is_movable`: a whole RDV that another day may take.
    """

    kind: str
    start: datetime
    end: datetime
    hours: str
    agents: tuple[Agent, ...]
    rdv: AgendaRdv | None = None
    status: StatusDisplay | None = None
    plage: AgendaPlage | None = None
    absence: AgendaAbsence | None = None
    is_movable: bool = False


@dataclass(frozen=True)
class Day:
    date: date
    holiday: str
    is_today: bool
    entries: list[Entry] = field(default_factory=list)
    plages: list[Entry] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.entries or self.plages or self.holiday)

    @property
    def first_entries(self) -> list[Entry]:
        """Return what a cell of the month has room for: all, or a few and « n autres »."""
        room = MONTH_LINES if len(self.entries) <= MONTH_LINES else MONTH_LINES - 1
        return self.entries[:room]

    @property
    def more(self) -> int:
        return len(self.entries) - len(self.first_entries)


@dataclass(frozen=True)
class BoardRow:
    """The days of one agent among several."""

    agent: Agent
    days: list[Day]


Bounds = tuple[datetime, datetime]
Line = tuple[Entry, datetime, datetime]


def days_of(agenda: Agenda, *, now: datetime, with_saturdays: bool = False) -> list[Day]:
    """Return every day of the agenda; what lasts over midnight stands in each day it touches.

    Saturday and Sunday are left out when nothing stands there, unless only they were asked.
    """
    found = _all_days(agenda, now)
    if len(agenda.days) == 1:
        return found
    return [day for day in found if _is_shown(day, with_saturdays=with_saturdays)]


def weeks_of(agenda: Agenda, *, now: datetime, with_saturdays: bool = False) -> list[list[Day]]:
    """Return whole weeks, all with the same weekdays: a weekend day when it is used once."""
    found = _all_days(agenda, now)
    hidden = set(WEEKEND) - ({SATURDAY} if with_saturdays else set())
    hidden -= {day.date.weekday() for day in found if day.entries or day.plages}
    return [
        [day for day in found[n : n + DAYS_A_WEEK] if day.date.weekday() not in hidden]
        for n in range(0, len(found), DAYS_A_WEEK)
    ]


def board_of(agenda: Agenda, *, now: datetime, with_saturdays: bool = False) -> list[BoardRow]:
    """Return the week of each agent; all rows have the same days."""
    shown = {day.date for day in days_of(agenda, now=now, with_saturdays=with_saturdays)}
    rows = []
    for agent in agenda.agents:
        alone = _all_days(agenda.alone(agent), now)
        rows.append(BoardRow(agent, [day for day in alone if day.date in shown]))
    return rows


def _is_shown(day: Day, *, with_saturdays: bool) -> bool:
    weekday = day.date.weekday()
    if weekday not in WEEKEND or (weekday == SATURDAY and with_saturdays):
        return True
    return not day.is_empty


def _all_days(agenda: Agenda, now: datetime) -> list[Day]:
    zone = agenda.days.zone
    today = now.astimezone(zone).date()
    found = {
        day: Day(day, agenda.holidays.get(day, ""), is_today=day == today) for day in agenda.days
    }
    bounds = {day: day_bounds(day, zone) for day in found}
    for entry, start, end in _entries(agenda, now):
        for day in _touched(agenda, start, end):
            clip = _clip(start, end, bounds[day])
            line = replace(
                entry,
                start=clip[0],
                end=clip[1],
                hours=hours_text(clip, bounds[day]),
                is_movable=entry.is_movable and clip == (start, end),
            )
            (found[day].plages if entry.kind == "plage" else found[day].entries).append(line)
    for one in found.values():
        one.entries.sort(key=lambda entry: entry.start.astimezone(UTC))
    return list(found.values())


def _entries(agenda: Agenda, now: datetime) -> Iterator[Line]:
    """Yield what stands in the agenda, not yet cut by day: RDVs first."""
    agents = {agent.pk: agent for agent in agenda.agents}

    def entry(kind: str, start: datetime, end: datetime, who: Collection[int], **what: Any) -> Line:
        shown = tuple(agent for pk, agent in agents.items() if pk in who)
        return Entry(kind, start, end, "", shown, **what), start, end

    for rdv in agenda.rdvs:
        status = display_in(rdv.zone, rdv.status, rdv.starts_at, now=now)
        what = {"rdv": rdv, "status": status, "is_movable": rdv.may_be_dragged(agenda.days.zone)}
        yield entry("rdv", rdv.starts_at, rdv.ends_at, agenda.holders[rdv.pk], **what)
    for occupied in agenda.occupied:
        yield entry("occupied", occupied.period.start, occupied.period.end, {occupied.agent_id})
    for absence in agenda.absences:
        start, end = absence.period.start, absence.period.end
        yield entry("absence", start, end, {absence.agent_id}, absence=absence.row)
    for plage in agenda.plages:
        start, end = plage.period.start, plage.period.end
        yield entry("plage", start, end, {plage.agent_id}, plage=plage.plage)


def _touched(agenda: Agenda, start: datetime, end: datetime) -> Iterator[date]:
    """Yield the shown days that [start, end) touches."""
    days = agenda.days
    day = max(local_day(start, days.zone), days.first)
    last = min(local_day(end.astimezone(UTC) - INSTANT, days.zone), days.last)
    while day <= last:
        yield day
        day += timedelta(days=1)


def _clip(start: datetime, end: datetime, bounds: Bounds) -> Bounds:
    """Return the part of [start, end) inside the day, in its zone, compared as instants."""
    lower = max(start.astimezone(UTC), bounds[0].astimezone(UTC))
    upper = min(end.astimezone(UTC), bounds[1].astimezone(UTC))
    zone = bounds[0].tzinfo
    return lower.astimezone(zone), upper.astimezone(zone)


def hours_text(clip: Bounds, bounds: Bounds) -> str:
    """Return "10 h – 10 h 30"; what goes over the day's ends says so."""
    from_before = clip[0].astimezone(UTC) <= bounds[0].astimezone(UTC)
    until_after = clip[1].astimezone(UTC) >= bounds[1].astimezone(UTC)
    if from_before and until_after:
        return _("Toute la journée")
    if from_before:
        return _("Jusqu’à %(time)s") % {"time": time_text(clip[1])}
    if until_after:
        return _("À partir de %(time)s") % {"time": time_text(clip[0])}
    return f"{time_text(clip[0])} – {time_text(clip[1])}"
