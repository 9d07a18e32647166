"""The workshops of a collective motif that still take people (planning §4.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Q

from agents.permissions import Permission
from planning.models import AgentRdv
from planning.policies import rdvs_for
from planning.rules.status import ACTIVE
from rdv.common.timezones import day_bounds

if TYPE_CHECKING:
    from agents.permissions import Actor
    from planning.models import Rdv, RdvQuerySet
    from planning.queries.slot_search import Wanted

SHOWN = 50


@dataclass(frozen=True)
class Workshop:
    """`seats_left` None: no limit."""

    rdv: Rdv
    seats_left: int | None


@dataclass(frozen=True)
class Workshops:
    """Those with seats, and how many others there are, to say why none is left."""

    found: list[Workshop]
    full: int
    filtered_out: int

    @property
    def has_more(self) -> bool:
        return len(self.found) == SHOWN


def workshops_of(wanted: Wanted, actor: Actor | None) -> Workshops:
    """Return the coming workshops that are not revoked and have seats, the soonest first."""
    zone = wanted.motif.organisation.territoire.zone
    start = max(wanted.now, day_bounds(wanted.criteria.day, zone)[0])
    coming = _coming(actor).filter(motif=wanted.motif, starts_at__gt=start)
    chosen = coming
    if wanted.agents is not None:
        held = AgentRdv.objects.filter(rdv=OuterRef("pk"), agent__in=wanted.agents)
        chosen = chosen.filter(Exists(held))
    if wanted.lieux is not None:
        chosen = chosen.filter(lieu__in=wanted.lieux)
    open_ones = Q(seats_total=None) | Q(seats_total__gt=F("taken"))
    rows = (
        chosen.filter(open_ones)
        .select_related("lieu", "motif")
        .prefetch_related("agents__account")
        .order_by("starts_at", "pk")
    )
    found = [Workshop(rdv, _left(rdv)) for rdv in rows[:SHOWN]]
    if found:
        return Workshops(found, full=0, filtered_out=0)
    full = chosen.exclude(open_ones).count()
    return Workshops([], full, 0 if full else coming.filter(open_ones).count())


def _coming(actor: Actor | None) -> RdvQuerySet:
    taken = Count("participations", filter=Q(participations__status__in=ACTIVE))
    return rdvs_for(actor, Permission.RDV_READ).active().annotate(taken=taken)


def _left(rdv: Rdv) -> int | None:
    taken: int = rdv.taken  # type: ignore[attr-defined]
    return None if rdv.seats_total is None else rdv.seats_total - taken
