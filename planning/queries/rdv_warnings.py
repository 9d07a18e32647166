"""What an agent should know before placing or moving a RDV (planning §6.8). Nothing is refused.

What the actor may not read is said as « occupé », without person, place or title (decision 8).
Titles never go in an SMS (decision 31): none can be cut there.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from agents.models import Agent
from agents.permissions import Permission
from planning.models import (
    AgentRdv,
    Frequency,
    Indisponibilite,
    Participation,
    PlageOuverture,
    Rdv,
    SlotHold,
)
from planning.policies import indisponibilites_for, plages_scope, rdvs_scope
from planning.queries.schedules import indisponibilite_schedule, plage_schedule
from planning.rules.status import ACTIVE
from planning.slots.holidays import holiday_names
from planning.slots.recurrence import expand
from planning.slots.types import Interval
from rdv.common.french import day_text, duration_text, time_text
from rdv.common.timezones import day_bounds, local_day
from usagers.queries.referents import referents_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from agents.models import Organisation
    from agents.permissions import Actor
    from motifs.models import Motif

LONGEST_HOLE = timedelta(minutes=46)
LONGEST_RECURRING_ABSENCE = timedelta(days=366)


class Kind(StrEnum):
    PAST = "past"
    HOLIDAY = "holiday"
    OVERLAP = "overlap"
    HELD = "held"
    ABSENCE = "absence"
    OTHER_LIEU = "other_lieu"
    HOLE = "hole"
    NOT_REFERENT = "not_referent"
    SAME_DAY = "same_day"


@dataclass(frozen=True)
class RdvWarning:
    """`text` is a sentence in French. An OVERLAP is what `accepts_overlap` accepts."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Proposal:
    """A RDV not yet written, or the one of key `rdv_id` as it would become. Aware instants."""

    organisation: Organisation
    motif: Motif
    starts_at: datetime
    ends_at: datetime
    lieu_id: int | None
    agent_ids: tuple[int, ...]
    usager_ids: tuple[int, ...]
    rdv_id: int | None = None

    @property
    def zone(self) -> ZoneInfo:
        return self.organisation.territoire.zone

    @property
    def period(self) -> Interval:
        return Interval(self.starts_at, self.ends_at)

    @property
    def days(self) -> tuple[date, date]:
        """The days it touches in any zone: rules are written in that of their territoire."""
        day = timedelta(days=1)
        return (self.starts_at - day).date(), (self.ends_at + day).date()


def warnings_for(proposal: Proposal, *, actor: Actor | None, now: datetime) -> list[RdvWarning]:
    """Return what to confirm on purpose, gravest first. A constant number of statements.

    The actor may see the agendas of the proposal: who checks their rights is the service.
    """
    names = {
        agent.pk: agent.full_name
        for agent in Agent.objects.filter(pk__in=proposal.agent_ids).select_related("account")
    }
    is_future = proposal.starts_at > now
    return [
        *_past(is_future=is_future),
        *_holiday(proposal),
        *_busy(proposal, names, actor, is_future=is_future),
        *_held(proposal, names, now),
        *_absences(proposal, names, actor),
        *(_other_lieux(proposal, names, actor) if proposal.ends_at > now else ()),
        *_not_referents(proposal, names),
        *_same_day(proposal),
    ]


def _past(*, is_future: bool) -> Iterator[RdvWarning]:
    if not is_future:
        yield RdvWarning(Kind.PAST, _("Ce RDV commence dans le passé : personne ne sera prévenu."))


def _holiday(proposal: Proposal) -> Iterator[RdvWarning]:
    day = local_day(proposal.starts_at, proposal.zone)
    name = holiday_names(proposal.organisation.territoire.holiday_zone, day.year).get(day)
    if name:
        words = {"day": day_text(day), "name": name}
        yield RdvWarning(Kind.HOLIDAY, _("Le %(day)s est un jour férié (%(name)s).") % words)


def _busy(
    proposal: Proposal, names: dict[int, str], actor: Actor | None, *, is_future: bool
) -> Iterator[RdvWarning]:
    """Yield overlaps, and the hole that would be left after the RDV before."""
    readable = rdvs_scope(actor, Permission.RDV_READ)
    rows = (
        AgentRdv.objects.filter(
            agent__in=proposal.agent_ids,
            holds_time=True,
            starts_at__lt=proposal.ends_at,
            ends_at__gte=proposal.starts_at - LONGEST_HOLE,
        )
        .exclude(rdv=proposal.rdv_id)
        .annotate(is_readable=Exists(Rdv.objects.filter(readable, pk=OuterRef("rdv"))))
        .select_related("rdv__motif")
        .prefetch_related("rdv__participations__usager")
        .order_by("starts_at", "pk")
    )
    by_agent: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_agent[row.agent_id].append(row)
    for agent, taken in by_agent.items():
        over = [row for row in taken if row.ends_at > proposal.starts_at]
        for row in over:
            yield RdvWarning(Kind.OVERLAP, _overlap(row, names[agent], proposal.zone))
        if is_future and not any(row.starts_at < proposal.starts_at for row in over):
            yield from _hole(taken, names[agent], proposal)


def _held(proposal: Proposal, names: dict[int, str], now: datetime) -> Iterator[RdvWarning]:
    """Yield what a visitor is booking online at this moment: agents may override (decision 19)."""
    holds = SlotHold.objects.alive(now).filter(
        agent__in=proposal.agent_ids,
        starts_at__lt=proposal.ends_at,
        ends_at__gt=proposal.starts_at,
    )
    for agent, until in holds.order_by("agent", "starts_at").values_list("agent", "expires_at"):
        words = {"agent": names[agent], "time": time_text(until.astimezone(proposal.zone))}
        yield RdvWarning(
            Kind.HELD,
            _("Une personne réserve en ligne un créneau de %(agent)s : gardé jusqu’à %(time)s.")
            % words,
        )


def _overlap(row: Any, name: str, zone: ZoneInfo) -> str:
    words = {
        "agent": name,
        "start": time_text(row.starts_at.astimezone(zone)),
        "end": time_text(row.ends_at.astimezone(zone)),
    }
    if not row.is_readable:
        return _("%(agent)s est occupé de %(start)s à %(end)s.") % words
    people = [p.usager.full_name for p in row.rdv.participations.all() if p.status in ACTIVE]
    words["what"] = ", ".join([*people, row.rdv.motif.name])
    return _("%(agent)s a déjà un RDV de %(start)s à %(end)s (%(what)s).") % words


def _hole(taken: list[Any], name: str, proposal: Proposal) -> Iterator[RdvWarning]:
    ends = [row.ends_at for row in taken if row.ends_at <= proposal.starts_at]
    minutes = (proposal.starts_at - max(ends)).total_seconds() // 60 if ends else 0
    if minutes >= 1:
        words = {
            "agent": name,
            "end": time_text(max(ends).astimezone(proposal.zone)),
            "duration": duration_text(int(minutes)),
        }
        yield RdvWarning(
            Kind.HOLE,
            _(
                "Le RDV précédent de %(agent)s finit à %(end)s : il reste %(duration)s "
                "sans RDV avant celui-ci."
            )
            % words,
        )


def _absences(
    proposal: Proposal, names: dict[int, str], actor: Actor | None
) -> Iterator[RdvWarning]:
    """Yield one for each absence; its title is for who may edit it (E13)."""
    first, last = proposal.days
    editable = indisponibilites_for(actor, Permission.INDISPONIBILITE_EDIT)
    rows = (
        Indisponibilite.objects.filter(
            Q(frequency=Frequency.NONE, first_day__lte=last, end_day__gte=first)
            | _recurs(first - LONGEST_RECURRING_ABSENCE, last)
            | Q(exceptions__new_day__lte=last, exceptions__new_end_day__gte=first),
            agent__in=proposal.agent_ids,
        )
        .annotate(is_readable=Exists(editable.filter(pk=OuterRef("pk"))))
        .select_related("territoire")
        .prefetch_related("exceptions")
        .distinct()
        .order_by("agent", "pk")
    )
    for row in rows:
        if expand(indisponibilite_schedule(row), proposal.period, row.territoire.zone):
            words = {"agent": names[row.agent_id], "title": row.title}
            text = _("%(agent)s est indisponible à cette heure.") % words
            if row.is_readable:
                text = _("%(agent)s est indisponible à cette heure : %(title)s.") % words
            yield RdvWarning(Kind.ABSENCE, text)


def _other_lieux(
    proposal: Proposal, names: dict[int, str], actor: Actor | None
) -> Iterator[RdvWarning]:
    """Yield the openings of the agents elsewhere at that time, whatever the organisation."""
    if proposal.lieu_id is None:
        return
    first, last = proposal.days
    readable = PlageOuverture.objects.filter(plages_scope(actor, Permission.PLAGE_READ))
    rows = (
        PlageOuverture.objects.filter(
            Q(frequency=Frequency.NONE, first_day__range=(first, last))
            | _recurs(first, last)
            | Q(exceptions__new_day__range=(first, last)),
            agent__in=proposal.agent_ids,
            lieu__isnull=False,
        )
        .exclude(lieu=proposal.lieu_id)
        .annotate(is_readable=Exists(readable.filter(pk=OuterRef("pk"))))
        .select_related("lieu", "organisation__territoire")
        .prefetch_related("exceptions")
        .distinct()
        .order_by("agent", "pk")
    )
    for row in rows:
        if expand(plage_schedule(row), proposal.period, row.organisation.territoire.zone):
            words = {"agent": names[row.agent_id], "lieu": str(row.lieu)}
            text = _("%(agent)s a une plage à cette heure dans un autre lieu.")
            if row.is_readable:
                text = _("%(agent)s a une plage à cette heure dans un autre lieu : %(lieu)s.")
            yield RdvWarning(Kind.OTHER_LIEU, text % words)


def _not_referents(proposal: Proposal, names: dict[int, str]) -> Iterator[RdvWarning]:
    """A motif de suivi is for the référents of the people: an agent may still decide otherwise."""
    if not proposal.motif.is_follow_up or not proposal.usager_ids:
        return
    theirs = referents_of(proposal.usager_ids)
    others = [names[agent] for agent in proposal.agent_ids if agent in names.keys() - theirs]
    if others:
        text = _("Motif de suivi, mais pas référent des personnes de ce RDV : %(agents)s.")
        yield RdvWarning(Kind.NOT_REFERENT, text % {"agents": ", ".join(others)})


def _same_day(proposal: Proposal) -> Iterator[RdvWarning]:
    """Yield the other RDVs of the same people for the same motif that day."""
    day = local_day(proposal.starts_at, proposal.zone)
    start, end = day_bounds(day, proposal.zone)
    rows = (
        Participation.objects.active()
        .filter(
            usager__in=proposal.usager_ids,
            rdv__motif=proposal.motif,
            rdv__status__in=ACTIVE,
            rdv__hidden_at=None,
            rdv__starts_at__gte=start.astimezone(UTC),
            rdv__starts_at__lt=end.astimezone(UTC),
        )
        .exclude(rdv=proposal.rdv_id)
        .select_related("usager", "rdv")
        .order_by("rdv__starts_at", "pk")
    )
    for row in rows:
        words = {
            "name": row.usager.full_name,
            "time": time_text(row.rdv.starts_at.astimezone(proposal.zone)),
        }
        yield RdvWarning(
            Kind.SAME_DAY,
            _("%(name)s a déjà un RDV pour ce motif ce jour-là, à %(time)s.") % words,
        )


def _recurs(first: date, last: date) -> Q:
    """Return the rules that may produce a day from `first` to `last`; the engine says which."""
    until = Q(recurrence_ends_on=None) | Q(recurrence_ends_on__gte=first)
    return ~Q(frequency=Frequency.NONE) & Q(first_day__lte=last) & until
