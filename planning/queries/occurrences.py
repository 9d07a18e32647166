"""Occurrences of a recurring plage or indisponibilité, and the exceptions among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from planning.models import Indisponibilite, IndisponibiliteException, PlageOuverture
from planning.queries.schedules import rule_of
from planning.rules.recurrence_words import recurrence_words
from planning.slots.recurrence import days_between, occurs_on
from rdv.common.french import day_text

if TYPE_CHECKING:
    from datetime import date, time

    from planning.models import PlageException


@dataclass(frozen=True)
class Times:
    """When one occurrence happens. `end_day` is `day` for a plage."""

    day: date
    start: time
    end_day: date
    end: time

    @property
    def words(self) -> str:
        """Return « Le lundi 18 janvier 2027, de 9 h à 12 h »."""
        nights = (self.end_day - self.day).days
        return recurrence_words(first_day=self.day, start=self.start, end=self.end, days=nights)


@dataclass(frozen=True)
class Occurrence:
    """One time of a series. `day` is the one that the rule gives: it names the occurrence.

    `now`: as it stands, None when it was left out; `planned`: as the rule alone would have it.
    `replacement`: the plage that takes its place, with other motifs or another lieu.
    """

    day: date
    planned: Times
    now: Times | None
    replacement: PlageOuverture | None = None

    @property
    def is_exception(self) -> bool:
        return self.now != self.planned or self.replacement is not None

    @property
    def words(self) -> str:
        """Return what became of it: « Le lundi 18 janvier 2027 : supprimée »."""
        day = day_text(self.day)
        if self.now is None:
            return _("Le %(day)s : supprimée") % {"day": day}
        when = self.now.words[0].lower() + self.now.words[1:]
        if self.replacement is None:
            return _("Le %(day)s : remplacée, %(when)s") % {"day": day, "when": when}
        return _("Le %(day)s : remplacée, %(when)s, avec d’autres motifs ou un autre lieu") % {
            "day": day,
            "when": when,
        }


def occurrence_day(row: PlageOuverture | Indisponibilite, asked: date) -> date | None:
    """Return the day that names the occurrence seen on `asked`, or None when there is none.

    A moved one answers to its new day too, which is the one that an agenda shows.
    """
    if not row.is_recurring:
        return None
    if occurs_on(rule_of(row), asked):
        return asked
    moved = (e.day for e in row.exceptions.all() if e.new_day == asked)
    return min((day for day in moved if occurs_on(rule_of(row), day)), default=None)


def occurrence_of(row: PlageOuverture | Indisponibilite, day: date) -> Occurrence:
    """Return the occurrence that `day` names (see `occurrence_day`); reads `row.exceptions`."""
    _read_replacements(row)
    return _occurrence(row, day, next((e for e in row.exceptions.all() if e.day == day), None))


def exceptions_of(row: PlageOuverture | Indisponibilite, *, since: date) -> list[Occurrence]:
    """Return what departs from the rule on `since` or later, in order; reads `row.exceptions`.

    Exceptions on days that the rule no longer gives count for nothing. Lists should prefetch
    `exceptions__replacement` of plages.
    """
    _read_replacements(row)
    rule = rule_of(row)
    found = [_occurrence(row, e.day, e) for e in row.exceptions.all() if occurs_on(rule, e.day)]
    found.sort(key=lambda occurrence: occurrence.day)
    return [
        each for each in found if max(each.day, each.now.day if each.now else each.day) >= since
    ]


def has_occurrence_before(row: PlageOuverture | Indisponibilite, day: date) -> bool:
    """Say whether the rule of `row` gives anything before `day`."""
    return bool(days_between(rule_of(row), row.first_day, day - timedelta(days=1)))


def _read_replacements(row: PlageOuverture | Indisponibilite) -> None:
    """Read the exceptions with what replaces each, in two statements, unless that is done."""
    if isinstance(row, PlageOuverture):
        prefetch_related_objects([row], "exceptions__replacement")


def _occurrence(
    row: PlageOuverture | Indisponibilite,
    day: date,
    exception: PlageException | IndisponibiliteException | None,
) -> Occurrence:
    nights = row.end_day - row.first_day if isinstance(row, Indisponibilite) else timedelta()
    planned = Times(day, row.start_time, day + nights, row.end_time)
    if exception is None:
        return Occurrence(day, planned, planned)
    plage: PlageOuverture | None = getattr(exception, "replacement", None)
    if plage:
        now = Times(plage.first_day, plage.start_time, plage.first_day, plage.end_time)
        return Occurrence(day, planned, now, plage)
    return Occurrence(day, planned, _as_changed(exception))


def _as_changed(exception: PlageException | IndisponibiliteException) -> Times | None:
    if not (exception.new_day and exception.new_start_time and exception.new_end_time):
        return None
    end_day = exception.new_day
    if isinstance(exception, IndisponibiliteException):
        end_day = exception.new_end_day or end_day
    return Times(exception.new_day, exception.new_start_time, end_day, exception.new_end_time)
