"""What a copy of a colleague's week would create (E14), before anything is written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from agents.permissions import Permission
from motifs.models import Availability
from planning.models import PlageOuverture
from planning.policies import plages_for
from planning.queries.plage_choices import motifs_for_plage
from planning.queries.plage_ouverture_list import plage_warnings, plages_of_agent
from planning.queries.schedule_words import words_of
from planning.queries.schedules import plage_schedule
from planning.slots.recurrence import civil_spans

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import time

    from agents.models import Agent, Organisation
    from agents.permissions import Actor
    from motifs.models import Motif

WEEK = 7


@dataclass(frozen=True)
class WeekChoice:
    """`week`: a day of the week that is copied. `start`: the first day of the copy.

    `weekly`: every week from `start` on, until `until`; else once, in the week of `start`.
    """

    organisation: Organisation
    source: Agent
    targets: Sequence[Agent]
    week: date
    start: date
    weekly: bool
    until: date | None = None


@dataclass(frozen=True)
class PlannedPlage:
    """A plage that is not saved, with its motifs; `missing` are those that are left out."""

    plage: PlageOuverture
    motifs: list[Motif]
    missing: list[str]
    words: str
    warnings: list[str]


@dataclass(frozen=True)
class WeekPlan:
    """`dropped`: in words, the plages of the source of which nothing can be copied."""

    planned: list[PlannedPlage]
    dropped: list[str]

    @property
    def digest(self) -> str:
        """Return a key of what would be created: what is confirmed is what was shown."""
        lines = [
            f"{p.plage.agent_id}|{p.words}|{p.plage.lieu_id}|{sorted(m.pk for m in p.motifs)}"
            for p in self.planned
        ]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True)
class _Hours:
    """The days of the source week at which one plage has the same hours."""

    model: PlageOuverture
    start: time
    end: time
    weekdays: tuple[int, ...]


def week_plan(actor: Actor | None, choice: WeekChoice, *, today: date) -> WeekPlan:
    """Return what the copy would create for each target, in order; nothing is saved.

    The week is copied as it stands, its exceptions applied. A constant number of statements for
    each target.
    """
    week = _week_of(actor, choice)
    planned: list[PlannedPlage] = []
    dropped: list[str] = []
    for target in choice.targets:
        allowed = motifs_for_plage(actor, organisation=choice.organisation, agent=target)
        motif_keys = set(allowed.values_list("pk", flat=True))
        world = plages_of_agent(actor, target, today)
        for hours in week:
            motifs = [m for m in hours.model.motifs.all() if m.pk in motif_keys]
            refusal = _refusal(hours.model, motifs)
            for plage in _plages(hours, target, choice):
                words = words_of(plage)
                if refusal:
                    dropped.append(f"{target.full_name}, {words} : {refusal}")
                    continue
                planned.append(
                    PlannedPlage(
                        plage=plage,
                        motifs=motifs,
                        missing=_missing(hours.model, motif_keys),
                        words=words,
                        warnings=plage_warnings(plage, motifs, world),
                    )
                )
    return WeekPlan(planned, dropped)


def _week_of(actor: Actor | None, choice: WeekChoice) -> list[_Hours]:
    monday = _monday(choice.week)
    rows = (
        plages_for(actor, Permission.PLAGE_READ)
        .filter(organisation=choice.organisation, agent=choice.source)
        .select_related("lieu")
        .prefetch_related("exceptions", "motifs")
        .order_by("start_time", "pk")
    )
    found: dict[tuple[int, time, time], set[int]] = {}
    models = {row.pk: row for row in rows}
    for row in models.values():
        first = monday.toordinal()
        for span in civil_spans(plage_schedule(row), first, first + WEEK - 1):
            found.setdefault((row.pk, span.start, span.end), set()).add(span.day - first)
    return [
        _Hours(models[key], start, end, tuple(sorted(weekdays)))
        for (key, start, end), weekdays in found.items()
    ]


def _plages(hours: _Hours, target: Agent, choice: WeekChoice) -> list[PlageOuverture]:
    days = [_monday(choice.start) + timedelta(days=weekday) for weekday in hours.weekdays]
    if choice.weekly:
        later = [day if day >= choice.start else day + timedelta(days=WEEK) for day in days]
        first = min(later)
        if choice.until and first > choice.until:
            return []
        plage = _plage(hours, target, choice, first)
        plage.frequency, plage.weekdays = "weekly", list(hours.weekdays)
        plage.recurrence_ends_on = choice.until
        return [plage]
    return [_plage(hours, target, choice, day) for day in days if day >= choice.start]


def _plage(hours: _Hours, target: Agent, choice: WeekChoice, day: date) -> PlageOuverture:
    model = hours.model
    return PlageOuverture(
        organisation=choice.organisation,
        agent=target,
        lieu=model.lieu,
        title=model.title,
        first_day=day,
        start_time=hours.start,
        end_time=hours.end,
        opens_on_holidays=model.opens_on_holidays,
    )


def _refusal(model: PlageOuverture, motifs: list[Motif]) -> str:
    if not motifs:
        return _("aucun motif de cette plage ne peut être proposé par cet agent")
    is_closed = model.lieu is None or model.lieu.availability != Availability.OPEN
    if is_closed and any(motif.requires_lieu for motif in motifs):
        return _("le lieu est fermé")
    return ""


def _missing(model: PlageOuverture, allowed: set[int]) -> list[str]:
    return sorted(motif.name for motif in model.motifs.all() if motif.pk not in allowed)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
