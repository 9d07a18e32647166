"""The RDVs of an absent agent or of a closed site, and what can be done with each (E10)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from agents.models import AgentService
from agents.permissions import Permission
from agents.policies import colleagues_in
from motifs.models import Availability
from motifs.policies import lieux_for, motifs_for
from planning.models import AgentRdv, Participation, Rdv, Status
from planning.policies import rdvs_for
from planning.queries.availability_rows import absence_rows
from planning.rules.rdv_bulk import AGENT, CANCEL, DAY, LIEU, MOST, Choice
from planning.slots.recurrence import expand
from planning.slots.types import Interval
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from agents.models import Agent, Organisation
    from agents.permissions import Actor
    from motifs.models import Lieu, Motif


@dataclass(frozen=True)
class Scope:
    """Whose RDVs, where and for what, in one organisation: an agent, a lieu or a motif at least."""

    organisation: Organisation
    agent: Agent | None
    lieu: Lieu | None
    period: Interval
    motif: Motif | None = None


@dataclass(frozen=True)
class Concerned:
    """`others`: RDVs of the same scope that the actor may not change, or of elsewhere.

    `is_too_much`: only the first `MOST` are in `rdvs`.
    """

    rdvs: tuple[Rdv, ...]
    others: int
    is_too_much: bool


@dataclass(frozen=True)
class Option:
    """A line of a list of choices: what it posts and what it says."""

    value: str
    label: str


def agents_of_page(actor: Actor | None, organisation: Organisation) -> QuerySet[Agent]:
    """Return the agents whose agenda `actor` may see here."""
    rows = colleagues_in(actor, Permission.AGENDA_READ, organisation)
    return rows.select_related("account")


def lieux_of_page(actor: Actor | None, organisation: Organisation) -> QuerySet[Lieu]:
    """Return the lieux of the organisation, closed ones included, one-off ones not."""
    rows = lieux_for(actor, Permission.LIEU_READ).filter(organisation=organisation)
    return rows.exclude(availability=Availability.SINGLE_USE)


def motifs_of_page(actor: Actor | None, organisation: Organisation) -> QuerySet[Motif]:
    """Return the motifs of the organisation, archived ones included: they may have RDVs to come."""
    return motifs_for(actor, Permission.MOTIF_READ).filter(organisation=organisation)


def rdvs_to_change(actor: Actor | None, organisation: Organisation) -> QuerySet[Rdv]:
    """Return the RDVs that `actor` may change, with what a line prints."""
    return (
        rdvs_for(actor, Permission.RDV_CANCEL)
        .filter(organisation=organisation)
        .select_related("organisation__territoire", "motif", "lieu")
        .prefetch_related("agents__account", "participations__usager__responsable")
    )


def concerned_by(scope: Scope, *, actor: Actor | None) -> Concerned:
    """Return the RDVs without a status yet that meet the period, in order of time."""
    inside = Q(
        status=Status.UNKNOWN,
        starts_at__lt=scope.period.end.astimezone(UTC),
        ends_at__gt=scope.period.start.astimezone(UTC),
    )
    if scope.agent:
        inside &= Q(agent_rdvs__agent=scope.agent)
    if scope.lieu:
        inside &= Q(lieu=scope.lieu)
    if scope.motif:
        inside &= Q(motif=scope.motif)
    rows = rdvs_to_change(actor, scope.organisation).filter(inside)
    found = list(rows.order_by("starts_at", "pk")[: MOST + 1])
    everything = Rdv.objects.kept().filter(inside).count()
    others = everything - len(found) if len(found) <= MOST else 0
    return Concerned(tuple(found[:MOST]), others, is_too_much=len(found) > MOST)


def rdvs_by_uuid(
    uuids: Collection[UUID], *, organisation: Organisation, actor: Actor | None
) -> list[Rdv]:
    """Return those of `uuids` that `actor` may change here, in order of time."""
    rows = rdvs_to_change(actor, organisation).filter(uuid__in=uuids)
    return list(rows.order_by("starts_at", "pk"))


def same_time_on(day: date, rdv: Rdv) -> datetime:
    """Return the instant of the same civil time on another day."""
    zone = rdv.organisation.territoire.zone
    return datetime.combine(day, rdv.starts_at.astimezone(zone).time(), zone)


def period_of(rdv: Rdv, day: date | None = None) -> Interval:
    """Return when the RDV is, or would be on another day."""
    start = rdv.starts_at if day is None else same_time_on(day, rdv)
    return Interval(start, start.astimezone(UTC) + (rdv.ends_at - rdv.starts_at))


class FreeTime:
    """Who is free when: RDVs that hold time, in any organisation, and indisponibilités.

    Two statements, whatever the number of agents and of periods.
    """

    def __init__(self, agent_ids: Collection[int], periods: Iterable[Interval]) -> None:
        self._busy: dict[int, list[tuple[int, Interval]]] = defaultdict(list)
        self._away: dict[int, list[Interval]] = defaultdict(list)
        wanted = list(periods)
        if agent_ids and wanted:
            self._read_rdvs(agent_ids, wanted)
            self._read_absences(agent_ids, wanted)

    def _read_rdvs(self, agent_ids: Collection[int], periods: list[Interval]) -> None:
        near = Q()
        for start, end in _windows(periods):
            near |= Q(starts_at__lt=end, ends_at__gt=start)
        rows = AgentRdv.objects.filter(near, agent__in=agent_ids, holds_time=True)
        for agent, rdv, start, end in rows.values_list("agent", "rdv", "starts_at", "ends_at"):
            self._busy[agent].append((rdv, Interval(start, end)))

    def _read_absences(self, agent_ids: Collection[int], periods: list[Interval]) -> None:
        first = min(period.start for period in periods).date()
        last = max(period.end for period in periods).date()
        for row in absence_rows(agent_ids, first=first, last=last):
            zone = ZoneInfo(row.zone)
            for window in (Interval(*bounds) for bounds in _windows(periods)):
                self._away[row.agent] += expand(row.schedule, window, zone)

    def take(self, agent_id: int, rdv_id: int, period: Interval) -> None:
        """Count a RDV that is about to be given to the agent."""
        self._busy[agent_id].append((rdv_id, period))

    def has_rdv(self, agent_id: int, rdv: Rdv, period: Interval) -> bool:
        """Whether another RDV than `rdv` stands there."""
        return any(pk != rdv.pk and _meet(period, taken) for pk, taken in self._busy[agent_id])

    def is_away(self, agent_id: int, period: Interval) -> bool:
        return any(_meet(period, away) for away in self._away[agent_id])


def _windows(periods: list[Interval]) -> list[tuple[datetime, datetime]]:
    """Return one window by UTC day: what lies between two far days is not read."""
    by_day: dict[date, tuple[datetime, datetime]] = {}
    for period in periods:
        start, end = period.start.astimezone(UTC), period.end.astimezone(UTC)
        known = by_day.get(start.date(), (start, end))
        by_day[start.date()] = (min(known[0], start), max(known[1], end))
    return list(by_day.values())


def _meet(one: Interval, other: Interval) -> bool:
    return one.start < other.end and other.start < one.end


@dataclass
class Options:
    """What the actor may ask for RDVs: who may take them, where they may go."""

    organisation: Organisation
    leaving: Agent | None
    agents: list[Agent]
    lieux: list[Lieu]
    free: FreeTime
    services: dict[int, set[int]] = field(default_factory=dict)

    def leaving_of(self, rdv: Rdv) -> Agent | None:
        """Return who would hand the RDV over: the absent agent, else its only one."""
        present = list(rdv.agents.all())
        if self.leaving in present:
            return self.leaving
        return present[0] if len(present) == 1 else None

    def refusal_to_give(self, rdv: Rdv, agent: Agent) -> str:
        """Return why `agent` cannot take the RDV, in French, or ""."""
        if self.leaving_of(rdv) is None or agent in rdv.agents.all():
            return _("Les agents de ce RDV ne permettent pas de le confier ainsi.")
        if rdv.motif.service_id not in self.services.get(agent.pk, ()):
            return _("%(name)s n’est pas du service de ce motif.") % {"name": agent.full_name}
        period = period_of(rdv)
        if self.free.has_rdv(agent.pk, rdv, period):
            return _("%(name)s a déjà un RDV à cette heure.") % {"name": agent.full_name}
        if self.free.is_away(agent.pk, period):
            return _("%(name)s est indisponible à cette heure.") % {"name": agent.full_name}
        return ""

    def of(self, rdv: Rdv, *, now: datetime) -> list[Option]:
        """Return what can be chosen for one RDV. One that has begun can only be cancelled."""
        found = [Option(CANCEL, _("Annuler"))]
        if rdv.starts_at <= now:
            return found
        found += [
            Option(str(Choice(AGENT, str(agent.uuid))), _give_to(agent))
            for agent in self.agents
            if not self.refusal_to_give(rdv, agent)
        ]
        if rdv.motif.requires_lieu:
            found += [_to_lieu(lieu) for lieu in self.lieux if lieu.pk != rdv.lieu_id]
        return [*found, _later()]

    def handing_over(self) -> list[Option]:
        """Return the colleagues to whom all of them may be asked to go."""
        return [Option(str(Choice(AGENT, str(a.uuid))), _give_to(a)) for a in self.agents]

    def of_all(self) -> list[Option]:
        """Return what can be asked for all of them at once."""
        return [
            Option(CANCEL, _("Annuler")),
            *self.handing_over(),
            *(_to_lieu(lieu) for lieu in self.lieux),
            _later(),
        ]


def _give_to(agent: Agent) -> str:
    return _("Confier à %(name)s") % {"name": agent.full_name}


def _to_lieu(lieu: Lieu) -> Option:
    return Option(
        str(Choice(LIEU, str(lieu.uuid))), _("Déplacer à « %(name)s »") % {"name": lieu.name}
    )


def _later() -> Option:
    return Option(DAY, _("Reporter au nouveau jour"))


def options_for(
    rdvs: Sequence[Rdv],
    *,
    organisation: Organisation,
    leaving: Agent | None,
    closed: Lieu | None,
    actor: Actor | None,
    days: Collection[date] = (),
) -> Options:
    """Return who may take `rdvs` and where: five statements, whatever their number.

    `days`: other days on which they may be put.
    """
    agents = list(agents_of_page(actor, organisation))
    services: dict[int, set[int]] = defaultdict(set)
    held = AgentService.objects.filter(
        agent__in=[agent.pk for agent in agents], territoire=organisation.territoire_id
    )
    for agent, service in held.values_list("agent", "service"):
        services[agent].add(service)
    wanted = {rdv.motif.service_id for rdv in rdvs}
    takers = [agent for agent in agents if agent != leaving and services[agent.pk] & wanted]
    present = {agent.pk for rdv in rdvs for agent in rdv.agents.all()}
    periods = [period_of(rdv, day) for rdv in rdvs for day in (None, *days)]
    lieux = lieux_of_page(actor, organisation).filter(availability=Availability.OPEN)
    return Options(
        organisation=organisation,
        leaving=leaving,
        agents=takers,
        lieux=[lieu for lieu in lieux if lieu != closed],
        free=FreeTime({agent.pk for agent in takers} | present, periods),
        services=services,
    )


def active_people(rdv: Rdv) -> list[Participation]:
    return [row for row in rdv.participations.all() if not row.is_cancelled]


def first_day(organisation: Organisation, now: datetime) -> date:
    """Return today, as the territoire counts days."""
    return local_day(now, organisation.territoire.zone)
