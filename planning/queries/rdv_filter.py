"""Which RDVs a list, a print or an export speaks of: one filter for all of them (E08, H01).

`planning.forms.rdv_filter` reads a `RdvFilter` out of a query string; `filtered_rdvs` turns it into
rows, always through the policy (E09).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from agents.permissions import Permission
from planning.models import AgentRdv, Participation
from planning.policies import rdvs_for
from planning.rules.rdv_label import TO_FILL_IN, TODAY, UPCOMING
from planning.rules.status import UNKNOWN
from rdv.common.timezones import day_bounds, local_day

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from agents.permissions import Actor
    from planning.models import RdvQuerySet

Keys = frozenset[int] | None


@dataclass(frozen=True)
class RdvFilter:
    """What is asked. None filters nothing; an empty set is nobody, nowhere (decision 17).

    `organisations` share one time zone, which gives the days, both included. `states` are the keys
    of `rdv_status`: stored statuses, and the derived ones that "unknown" splits into.
    """

    organisations: tuple[Organisation, ...]
    first_day: date | None = None
    last_day: date | None = None
    agent_ids: Keys = None
    motif_ids: Keys = None
    lieu_ids: Keys = None
    states: frozenset[str] | None = None
    usager_id: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return what an export keeps: all but the organisations, sorted."""
        days = {"first_day": self.first_day, "last_day": self.last_day}
        several = {name: getattr(self, name) for name in _SEVERAL}
        kept: dict[str, Any] = {name: day.isoformat() for name, day in days.items() if day}
        kept |= {name: sorted(values) for name, values in several.items() if values is not None}
        return kept if self.usager_id is None else {**kept, "usager_id": self.usager_id}


_SEVERAL = ("agent_ids", "motif_ids", "lieu_ids", "states")


def filter_from_json(kept: dict[str, Any], organisation: Organisation) -> RdvFilter:
    """Read back what `to_json` wrote, for one organisation."""
    values: dict[str, Any] = {
        name: date.fromisoformat(kept[name]) for name in ("first_day", "last_day") if name in kept
    }
    values |= {name: frozenset(kept[name]) for name in _SEVERAL if name in kept}
    return RdvFilter((organisation,), **values, usager_id=kept.get("usager_id"))


def filtered_rdvs(
    actor: Actor | None,
    wanted: RdvFilter,
    *,
    now: datetime,
    permission: Permission = Permission.RDV_READ,
) -> RdvQuerySet:
    """Return the RDVs that `actor` may touch and that the filter keeps, in order of time."""
    zone = wanted.organisations[0].territoire.zone
    rows = rdvs_for(actor, permission).filter(organisation__in=wanted.organisations)
    if wanted.first_day:
        rows = rows.filter(starts_at__gte=day_bounds(wanted.first_day, zone)[0])
    if wanted.last_day:
        rows = rows.filter(starts_at__lt=day_bounds(wanted.last_day, zone)[1])
    if wanted.motif_ids is not None:
        rows = rows.filter(motif__in=wanted.motif_ids)
    if wanted.lieu_ids is not None:
        rows = rows.filter(lieu__in=wanted.lieu_ids)
    if wanted.agent_ids is not None:
        mine = AgentRdv.objects.filter(rdv=OuterRef("pk"), agent__in=wanted.agent_ids)
        rows = rows.filter(Exists(mine))
    if wanted.usager_id is not None:
        theirs = Participation.objects.filter(rdv=OuterRef("pk"), usager=wanted.usager_id)
        rows = rows.filter(Exists(theirs))
    if wanted.states is not None:
        today = day_bounds(local_day(now, zone), zone)
        rows = rows.filter(_in_states(wanted.states, *today))
    return rows.order_by("starts_at", "pk")


def _in_states(states: frozenset[str], start: datetime, end: datetime) -> Q:
    """Return the condition; `start` and `end` bound the day that is today."""
    derived = {
        UPCOMING: Q(starts_at__gte=end),
        TODAY: Q(starts_at__gte=start, starts_at__lt=end),
        TO_FILL_IN: Q(starts_at__lt=start),
    }
    scope = Q(status__in=states - set(derived))
    for key in sorted(states & set(derived)):
        scope |= Q(status=UNKNOWN) & derived[key]
    return scope
