"""Indisponibilités of one agent, and the RDVs that they fall upon."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext as _

from agents.permissions import Permission
from agents.policies import agents_scope
from planning.models import AgentRdv, Indisponibilite
from planning.policies import indisponibilites_for, rdvs_for
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
class IndisponibiliteRow:
    """`covered`: the coming RDVs under it that the actor may read; `hidden` counts the others."""

    indisponibilite: Indisponibilite
    title: str
    words: str
    is_past: bool
    may_edit: bool
    covered: list[Rdv] = field(default_factory=list)
    hidden: int = 0

    @property
    def covered_count(self) -> int:
        return len(self.covered) + self.hidden


def over_before(day: date) -> Q:
    """Return the condition of an indisponibilité whose last day is before `day`.

    One that ends at 0 h was over the day before.
    """
    single = Q(end_day__lt=day) | Q(end_day=day, end_time="00:00")
    return (Q(frequency="none") & single) | Q(recurrence_ends_on__lt=day)


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


def indisponibilite_rows(
    rows: Iterable[Indisponibilite], *, actor: Actor | None, agent: Agent, now: datetime
) -> list[IndisponibiliteRow]:
    """Return the rows of a page; a constant number of statements."""
    busy = _coming_rdvs(agent, now)
    readable = _readable(actor, busy)
    found = []
    for row in rows:
        covered = [item.rdv for item in _covered_by(row, busy, now)]
        shown = [rdv for rdv in covered if rdv.pk in readable]
        may_edit = bool(getattr(row, "may_edit", False))
        found.append(
            IndisponibiliteRow(
                indisponibilite=row,
                title=row.title if may_edit else _("Indisponible"),
                words=words_of(row, (row.end_day - row.first_day).days),
                is_past=is_over(row, now.astimezone(row.territoire.zone).date()),
                may_edit=may_edit,
                covered=shown,
                hidden=len(covered) - len(shown),
            )
        )
    return found


def is_over(row: Indisponibilite, today: date) -> bool:
    if row.is_recurring:
        return row.recurrence_ends_on is not None and row.recurrence_ends_on < today
    last = row.end_day if row.end_time.hour or row.end_time.minute else row.end_day - timedelta(1)
    return last < today


def _coming_rdvs(agent: Agent, now: datetime) -> list[AgentRdv]:
    return list(
        AgentRdv.objects.filter(agent=agent, holds_time=True, ends_at__gt=now)
        .select_related("rdv__motif", "rdv__organisation")
        .order_by("starts_at", "pk")
    )


def _readable(actor: Actor | None, busy: list[AgentRdv]) -> set[int]:
    if not busy:
        return set()
    rdvs = rdvs_for(actor, Permission.RDV_READ).filter(pk__in=[item.rdv_id for item in busy])
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
