"""The coming RDVs that fall under an indisponibilité, and what can be done about each (E03)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from agents.permissions import Permission
from planning.models import AgentRdv
from planning.policies import rdvs_for
from planning.queries.schedules import indisponibilite_schedule
from planning.slots.recurrence import expand
from planning.slots.types import Interval, Recurrence, Schedule

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from agents.permissions import Actor
    from planning.models import Indisponibilite, Rdv
    from planning.queries.occurrences import Times


@dataclass(frozen=True)
class CoveredRdv:
    """A RDV under an indisponibilité, and what the actor may do about it."""

    rdv: Rdv
    may_edit: bool
    may_cancel: bool


@dataclass(frozen=True)
class Covered:
    """`shown`: the RDVs that the actor may read, in order; `unseen`: the keys of the others."""

    shown: tuple[CoveredRdv, ...] = ()
    unseen: frozenset[int] = frozenset()

    @property
    def hidden(self) -> int:
        return len(self.unseen)

    @property
    def count(self) -> int:
        return len(self.shown) + self.hidden

    @property
    def keys(self) -> list[str]:
        """Return what stands for these very RDVs when they are accepted."""
        return sorted(str(key) for key in {item.rdv.pk for item in self.shown} | self.unseen)

    def besides(self, other: Covered) -> Covered:
        """Return what is not in `other`."""
        known = {item.rdv.pk for item in other.shown} | other.unseen
        shown = tuple(item for item in self.shown if item.rdv.pk not in known)
        return replace(self, shown=shown, unseen=self.unseen - known)


class ComingRdvs:
    """The RDVs of some agents that are not over, and what `actor` may do with each."""

    def __init__(self, agents: Collection[int], *, actor: Actor | None, now: datetime) -> None:
        self.now = now
        self.busy = list(
            AgentRdv.objects.filter(agent__in=set(agents), holds_time=True, ends_at__gt=now)
            .select_related("rdv__motif", "rdv__organisation")
            .order_by("starts_at", "pk")
        )
        self.readable = self._allowed(actor, Permission.RDV_READ)
        self.editable = self._allowed(actor, Permission.RDV_EDIT)
        self.cancellable = self._allowed(actor, Permission.RDV_CANCEL)

    def under(self, row: Indisponibilite) -> Covered:
        """Return what is under a saved indisponibilité, every time that it happens."""
        return self.within(indisponibilite_schedule(row), row.agent_id, row.territoire.zone)

    def within(self, schedule: Schedule, agent: int, zone: ZoneInfo) -> Covered:
        busy = [item for item in self.busy if item.agent_id == agent]
        if not busy:
            return Covered()
        window = Interval(self.now, max(item.ends_at for item in busy))
        closed = expand(schedule, window, zone)
        met = [item.rdv for item in busy if any(_meets(item, period) for period in closed)]
        return Covered(
            shown=tuple(
                CoveredRdv(rdv, rdv.pk in self.editable, rdv.pk in self.cancellable)
                for rdv in met
                if rdv.pk in self.readable
            ),
            unseen=frozenset(rdv.pk for rdv in met if rdv.pk not in self.readable),
        )

    def _allowed(self, actor: Actor | None, permission: Permission) -> set[int]:
        if not self.busy:
            return set()
        rdvs = rdvs_for(actor, permission).filter(pk__in=[item.rdv_id for item in self.busy])
        return set(rdvs.values_list("pk", flat=True))


def newly_covered(
    row: Indisponibilite, times: Times, before: Times | None, *, actor: Actor | None, now: datetime
) -> Covered:
    """Return what `times` would cover that `before`, its present time (None: none), does not."""
    rdvs = ComingRdvs([row.agent_id], actor=actor, now=now)
    zone = row.territoire.zone
    found = rdvs.within(_once(times), row.agent_id, zone)
    return found.besides(rdvs.within(_once(before), row.agent_id, zone)) if before else found


def _once(times: Times) -> Schedule:
    days = (times.end_day - times.day).days
    return Schedule(Recurrence(times.day), start=times.start, end=times.end, days=days)


def _meets(item: AgentRdv, period: Interval) -> bool:
    return item.starts_at < period.end and item.ends_at > period.start
