"""Indisponibilités of one agent, and the RDVs that they fall upon."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import (
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.lookups import LessThan
from django.utils.translation import gettext as _

from agents.permissions import Permission
from agents.policies import agents_scope
from planning.models import AgentRdv, Indisponibilite, IndisponibiliteException
from planning.policies import indisponibilites_for, rdvs_for
from planning.queries.occurrences import exceptions_of
from planning.queries.schedule_words import words_of
from planning.queries.schedules import indisponibilite_schedule
from planning.slots.recurrence import expand
from planning.slots.types import Interval
from rdv.common.text_keys import fold, folded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.db.models import QuerySet

    from agents.models import Agent
    from agents.permissions import Actor
    from planning.models import Rdv


@dataclass(frozen=True)
class CoveredRdv:
    """A RDV under an indisponibilité, and what the actor may do about it."""

    rdv: Rdv
    may_edit: bool
    may_cancel: bool


@dataclass(frozen=True)
class IndisponibiliteRow:
    """`covered`: the coming RDVs under it that the actor may read; `hidden` counts the others.

    `exceptions` is empty for who may not edit it: it says as much as the title.
    """

    indisponibilite: Indisponibilite
    title: str
    words: str
    is_past: bool
    may_edit: bool
    covered: list[CoveredRdv] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)
    hidden: int = 0

    @property
    def covered_count(self) -> int:
        return len(self.covered) + self.hidden


def over_before(day: date) -> Q:
    """Return the condition of an indisponibilité whose last day is before `day`.

    One that ends at 0 h was over the day before.
    """
    single = Q(end_day__lt=day) | Q(end_day=day, end_time="00:00")
    nights = F("end_day") - F("first_day")
    # The last one begins on `recurrence_ends_on` at the latest, and lasts as long as the first.
    last_end = ExpressionWrapper(F("recurrence_ends_on") + nights, output_field=DateField())
    moved = IndisponibiliteException.objects.filter(
        indisponibilite=OuterRef("pk"), new_end_day__gte=day
    )
    series = Q(recurrence_ends_on__isnull=False) & Q(LessThan(last_end, day)) & ~Q(Exists(moved))
    return (Q(frequency="none") & single) | series


def indisponibilites_of(
    actor: Actor | None, *, agent: Agent, today: date, past: bool = False, text: str = ""
) -> QuerySet[Indisponibilite]:
    """Return the indisponibilités of `agent` that `actor` may know of, newest first."""
    rows = indisponibilites_for(actor, Permission.INDISPONIBILITE_READ).filter(agent=agent)
    rows = rows.filter(over_before(today)) if past else rows.exclude(over_before(today))
    edit = agents_scope(actor, Permission.INDISPONIBILITE_EDIT, key="agent")
    rows = rows.annotate(may_edit=Case(When(edit, then=Value(True)), default=Value(False)))
    if text:
        # A title that one may not read must not be guessed by searching for it (E13).
        rows = rows.annotate(title_key=folded("title")).filter(
            title_key__contains=fold(text), may_edit=True
        )
    return (
        rows.select_related("territoire")
        .prefetch_related("exceptions")
        .order_by("-first_day", "-pk")
    )


def has_past_indisponibilites(actor: Actor | None, *, agent: Agent, today: date) -> bool:
    """Say whether the tab of the past ones is worth showing."""
    return indisponibilites_of(actor, agent=agent, today=today, past=True).exists()


def indisponibilite_rows(
    rows: Iterable[Indisponibilite], *, actor: Actor | None, agent: Agent, now: datetime
) -> list[IndisponibiliteRow]:
    """Return the rows of a page; a constant number of statements."""
    busy = _coming_rdvs(agent, now)
    allowed = {
        permission: _allowed(actor, permission, busy)
        for permission in (Permission.RDV_READ, Permission.RDV_EDIT, Permission.RDV_CANCEL)
    }
    found = []
    for row in rows:
        covered = [item.rdv for item in _covered_by(row, busy, now)]
        shown = [
            CoveredRdv(
                rdv=rdv,
                may_edit=rdv.pk in allowed[Permission.RDV_EDIT],
                may_cancel=rdv.pk in allowed[Permission.RDV_CANCEL],
            )
            for rdv in covered
            if rdv.pk in allowed[Permission.RDV_READ]
        ]
        may_edit = bool(getattr(row, "may_edit", False))
        today = now.astimezone(row.territoire.zone).date()
        found.append(
            IndisponibiliteRow(
                indisponibilite=row,
                title=row.title if may_edit else _("Indisponible"),
                words=words_of(row, (row.end_day - row.first_day).days),
                is_past=is_over(row, today),
                may_edit=may_edit,
                covered=shown,
                hidden=len(covered) - len(shown),
                exceptions=[each.words for each in exceptions_of(row, since=today)]
                if may_edit
                else [],
            )
        )
    return found


def is_over(row: Indisponibilite, today: date) -> bool:
    """Say it in Python as `over_before` does; reads `row.exceptions` when it repeats."""
    if row.is_recurring:
        last = row.recurrence_ends_on
        if last is None or last + (row.end_day - row.first_day) >= today:
            return False
        return all(e.new_end_day is None or e.new_end_day < today for e in row.exceptions.all())
    last = row.end_day if row.end_time.hour or row.end_time.minute else row.end_day - timedelta(1)
    return last < today


def _coming_rdvs(agent: Agent, now: datetime) -> list[AgentRdv]:
    return list(
        AgentRdv.objects.filter(agent=agent, holds_time=True, ends_at__gt=now)
        .select_related("rdv__motif", "rdv__organisation")
        .order_by("starts_at", "pk")
    )


def _allowed(actor: Actor | None, permission: Permission, busy: list[AgentRdv]) -> set[int]:
    if not busy:
        return set()
    rdvs = rdvs_for(actor, permission).filter(pk__in=[item.rdv_id for item in busy])
    return set(rdvs.values_list("pk", flat=True))


def _covered_by(row: Indisponibilite, busy: list[AgentRdv], now: datetime) -> list[AgentRdv]:
    if not busy:
        return []
    window = Interval(now, max(item.ends_at for item in busy))
    closed = expand(indisponibilite_schedule(row), window, row.territoire.zone)
    return [
        item
        for item in busy
        if any(item.starts_at < period.end and item.ends_at > period.start for period in closed)
    ]
