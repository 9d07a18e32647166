"""Plages of one agent, with their rule in words and what deserves a warning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext as _

from agents.permissions import Permission
from motifs.models import Availability, Motif
from planning.models import PlageException, PlageOuverture
from planning.policies import plages_for
from planning.queries.occurrences import exceptions_of
from planning.queries.schedule_words import words_of
from planning.queries.schedules import plage_schedule
from planning.slots.overlap import first_common_day
from rdv.common.french import day_text, duration_text
from rdv.common.text_keys import fold, folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from agents.models import Agent, Organisation
    from agents.permissions import Actor


@dataclass(frozen=True)
class PlageRow:
    plage: PlageOuverture
    words: str
    motifs: list[Motif]
    warnings: list[str]
    exceptions: list[str]
    is_past: bool


def ended_before(day: date) -> Q:
    """Return the condition of a plage that is over on `day`, its moved occurrences included."""
    moved = PlageException.objects.filter(plage=OuterRef("pk"), new_day__gte=day)
    series = Q(recurrence_ends_on__lt=day) & ~Q(Exists(moved))
    return Q(frequency="none", first_day__lt=day) | series


def plages_of(
    actor: Actor | None,
    *,
    organisation: Organisation,
    agent: Agent,
    today: date,
    past: bool = False,
    text: str = "",
) -> QuerySet[PlageOuverture]:
    """Return the plages of `agent` in `organisation`, last modified first."""
    rows = plages_for(actor, Permission.PLAGE_READ).filter(organisation=organisation, agent=agent)
    rows = rows.filter(ended_before(today)) if past else rows.exclude(ended_before(today))
    if text:
        rows = rows.annotate(title_key=folded("title")).filter(title_key__contains=fold(text))
    return rows.order_by("-updated_at", "-pk")


def has_past_plages(
    actor: Actor | None, *, organisation: Organisation, agent: Agent, today: date
) -> bool:
    """Say whether the tab of the past ones is worth showing."""
    rows = plages_of(actor, organisation=organisation, agent=agent, today=today, past=True)
    return rows.exists()


def plage_rows(
    plages: Iterable[PlageOuverture], *, actor: Actor | None, agent: Agent, today: date
) -> list[PlageRow]:
    """Return the rows of a page; a constant number of statements."""
    page = list(
        PlageOuverture.objects.filter(pk__in=[plage.pk for plage in plages])
        .select_related("lieu", "replaces__plage")
        .prefetch_related(
            "exceptions__replacement",
            Prefetch("motifs", Motif.objects.active().select_related("service").order_by("name")),
        )
        .order_by("-updated_at", "-pk")
    )
    world = plages_of_agent(actor, agent, today)
    return [_row(plage, world) for plage in page]


@dataclass(frozen=True)
class PlagesOfAgent:
    """The plages of one agent that are not over, in every organisation, and which may be named."""

    others: list[PlageOuverture]
    visible: set[int]
    today: date


def plages_of_agent(
    actor: Actor | None, agent: Agent, today: date, *, besides: PlageOuverture | None = None
) -> PlagesOfAgent:
    """Return what a plage of `agent` is compared with.

    `besides`: the plage that the new one replaces or continues, which it may overlap; so may it the
    dates that took other motifs or another lieu.
    """
    others = PlageOuverture.objects.filter(agent=agent).exclude(ended_before(today))
    if besides:
        others = others.exclude(pk=besides.pk).exclude(replaces__plage=besides)
    visible = plages_for(actor, Permission.PLAGE_READ).filter(agent=agent)
    return PlagesOfAgent(
        others=list(others.prefetch_related("exceptions")),
        visible=set(visible.values_list("pk", flat=True)),
        today=today,
    )


def plage_warnings(
    plage: PlageOuverture, motifs: Sequence[Motif], world: PlagesOfAgent
) -> list[str]:
    """Return what `plage`, saved or not, deserves as warnings."""
    return [*_own_warnings(plage, motifs), *_overlap_warnings(plage, world)]


def _row(plage: PlageOuverture, world: PlagesOfAgent) -> PlageRow:
    motifs = list(plage.motifs.all())
    is_past = plage_is_past(plage, world.today)
    return PlageRow(
        plage=plage,
        words=words_of(plage),
        motifs=motifs,
        warnings=plage_warnings(plage, motifs, world),
        exceptions=[each.words for each in exceptions_of(plage, since=world.today)],
        is_past=is_past,
    )


def plage_is_past(plage: PlageOuverture, today: date) -> bool:
    """Say it in Python as `ended_before` does; reads `plage.exceptions` when it repeats."""
    if not plage.is_recurring:
        return plage.first_day < today
    last = plage.recurrence_ends_on
    if last is None or last >= today:
        return False
    moved = plage.exceptions.all() if plage.pk else ()
    return all(e.new_day is None or e.new_day < today for e in moved)


def _own_warnings(plage: PlageOuverture, motifs: Sequence[Motif]) -> list[str]:
    minutes = _minutes(plage)
    warnings = [
        _("Le motif « %(motif)s » (%(duration)s) est plus long que la plage.")
        % {"motif": motif.name, "duration": duration_text(motif.duration_minutes)}
        for motif in motifs
        if motif.duration_minutes > minutes
    ]
    if not motifs:
        warnings.append(_("Cette plage n’a plus aucun motif : rien ne peut y être réservé."))
    needs_lieu = any(motif.requires_lieu for motif in motifs)
    if plage.lieu and plage.lieu.availability == Availability.CLOSED and needs_lieu:
        warnings.append(_("Le lieu « %(lieu)s » est fermé.") % {"lieu": plage.lieu.name})
    return warnings


def _minutes(plage: PlageOuverture) -> int:
    start, end = plage.start_time, plage.end_time
    return (end.hour - start.hour) * 60 + end.minute - start.minute


def _overlap_warnings(plage: PlageOuverture, world: PlagesOfAgent) -> list[str]:
    warnings: list[str] = []
    if plage_is_past(plage, world.today):
        return warnings
    schedule = plage_schedule(plage)
    for other in world.others:
        if other.pk == plage.pk:
            continue
        day = first_common_day(schedule, plage_schedule(other), world.today)
        if day is None:
            continue
        name = _("une plage d’une autre organisation")
        if other.pk in world.visible:
            name = _("la plage « %(title)s »") % {"title": other.title} if other.title else ""
            name = name or _("une autre plage (%(rule)s)") % {"rule": words_of(other).lower()}
        warnings.append(
            _("Chevauche %(name)s, par exemple le %(day)s.") % {"name": name, "day": day_text(day)}
        )
    return warnings
