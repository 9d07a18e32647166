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
from planning.models import Indisponibilite, IndisponibiliteException
from planning.policies import indisponibilites_for
from planning.queries.indisponibilite_covered import ComingRdvs
from planning.queries.occurrences import exceptions_of
from planning.queries.schedule_words import words_of
from rdv.common.text_keys import fold, folded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from agents.models import Agent
    from agents.permissions import Actor
    from planning.queries.indisponibilite_covered import Covered


@dataclass(frozen=True)
class IndisponibiliteRow:
    """`covered`: the coming RDVs under it.

    `exceptions` is empty for who may not edit it: it says as much as the title.
    """

    indisponibilite: Indisponibilite
    title: str
    words: str
    is_past: bool
    may_edit: bool
    covered: Covered
    exceptions: list[str] = field(default_factory=list)


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
    rows: Iterable[Indisponibilite], *, actor: Actor | None, now: datetime
) -> list[IndisponibiliteRow]:
    """Return the rows of a page, of one agent or several; a constant number of statements."""
    rows = list(rows)
    rdvs = ComingRdvs([row.agent_id for row in rows], actor=actor, now=now)
    return [_row(row, rdvs.under(row), now) for row in rows]


def group_rows(
    actor: Actor | None, uuids: Collection[UUID], *, now: datetime
) -> list[IndisponibiliteRow]:
    """Return the rows of several agents, closed together, that `actor` may edit, by agent."""
    rows = indisponibilites_for(actor, Permission.INDISPONIBILITE_EDIT).filter(uuid__in=uuids)
    found = (
        rows.annotate(may_edit=Value(True))
        .select_related("territoire", "agent__account")
        .prefetch_related("exceptions")
        .order_by("agent__last_name", "agent__first_name", "agent", "pk")
    )
    return indisponibilite_rows(found, actor=actor, now=now)


def _row(row: Indisponibilite, covered: Covered, now: datetime) -> IndisponibiliteRow:
    may_edit = bool(getattr(row, "may_edit", False))
    today = now.astimezone(row.territoire.zone).date()
    return IndisponibiliteRow(
        indisponibilite=row,
        title=row.title if may_edit else _("Indisponible"),
        words=words_of(row, (row.end_day - row.first_day).days),
        is_past=is_over(row, today),
        may_edit=may_edit,
        covered=covered,
        exceptions=[each.words for each in exceptions_of(row, since=today)] if may_edit else [],
    )


def is_over(row: Indisponibilite, today: date) -> bool:
    """Say it in Python as `over_before` does; reads `row.exceptions` when it repeats."""
    if row.is_recurring:
        last = row.recurrence_ends_on
        if last is None or last + (row.end_day - row.first_day) >= today:
            return False
        return all(e.new_end_day is None or e.new_end_day < today for e in row.exceptions.all())
    last = row.end_day if row.end_time.hour or row.end_time.minute else row.end_day - timedelta(1)
    return last < today
