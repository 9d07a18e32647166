"""An agenda day by day, as the page lists it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from planning.queries.rdv_status import StatusDisplay, display_of
from rdv.common.french import time_text
from rdv.common.timezones import day_bounds

if TYPE_CHECKING:
    from datetime import date

    from planning.models import Indisponibilite, PlageOuverture, Rdv
    from planning.queries.agenda import Agenda

WEEKEND = (5, 6)


@dataclass(frozen=True)
class Entry:
    """One line of a day. `kind`: "rdv", "occupied" (nothing else is known), "absence" or "plage".

    `start` and `end` are in the zone of the agenda and stay inside the day.
    """

    kind: str
    start: datetime
    end: datetime
    hours: str
    rdv: Rdv | None = None
    status: StatusDisplay | None = None
    plage: PlageOuverture | None = None
    absence: Indisponibilite | None = None


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


def days_of(agenda: Agenda, *, now: datetime) -> list[Day]:
    """Return every day of the agenda; what lasts over midnight stands in each day it touches.

    Saturday and Sunday are left out when nothing stands there, unless only they were asked.
    """
    days = agenda.days
    today = now.astimezone(days.zone).date()
    found = [Day(day, agenda.holidays.get(day, ""), is_today=day == today) for day in days]
    for day in found:
        bounds = day_bounds(day.date, days.zone)
        day.plages.extend(_plages(agenda, bounds))
        day.entries.extend(
            sorted(_entries(agenda, bounds, now), key=lambda entry: entry.start.astimezone(UTC))
        )
    if len(days) == 1:
        return found
    return [day for day in found if day.date.weekday() not in WEEKEND or not day.is_empty]


Bounds = tuple[datetime, datetime]


def _entries(agenda: Agenda, bounds: Bounds, now: datetime) -> list[Entry]:
    entries = [
        _entry("rdv", clip, bounds, rdv=rdv, status=display_of(rdv, now=now))
        for rdv in agenda.rdvs
        if (clip := _clip(rdv.starts_at, rdv.ends_at, bounds))
    ]
    entries += [
        _entry("occupied", clip, bounds)
        for period in agenda.occupied
        if (clip := _clip(period.start, period.end, bounds))
    ]
    return entries + [
        _entry("absence", clip, bounds, absence=absence.row)
        for absence in agenda.absences
        if (clip := _clip(absence.period.start, absence.period.end, bounds))
    ]


def _plages(agenda: Agenda, bounds: Bounds) -> list[Entry]:
    return [
        _entry("plage", clip, bounds, plage=span.plage)
        for span in agenda.plages
        if (clip := _clip(span.period.start, span.period.end, bounds))
    ]


def _clip(start: datetime, end: datetime, bounds: Bounds) -> Bounds | None:
    """Return the part of [start, end) inside the day, compared as instants, or None."""
    lower = max(start.astimezone(UTC), bounds[0].astimezone(UTC))
    upper = min(end.astimezone(UTC), bounds[1].astimezone(UTC))
    zone = bounds[0].tzinfo
    return (lower.astimezone(zone), upper.astimezone(zone)) if lower < upper else None


def _entry(kind: str, clip: Bounds, bounds: Bounds, **what: object) -> Entry:
    return Entry(kind, *clip, hours_text(clip, bounds), **what)  # type: ignore[arg-type]


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
