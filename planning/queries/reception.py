"""The reception desk: one day of a lieu, all agents, by hour; who waits since when (E11)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from agents.models import Organisation
from agents.permissions import AgentActor, Permission, Reach
from agents.policies import NOTHING, organisations_for
from motifs.models import Availability
from motifs.policies import lieux_for
from planning.policies import rdvs_for
from planning.queries.rdv_list import rdv_rows, with_rows
from planning.rules.status import UNKNOWN
from rdv.common.timezones import day_bounds, local_day

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from agents.permissions import Actor
    from motifs.models import Lieu
    from planning.models import Participation
    from planning.queries.rdv_list import RdvRow


@dataclass(frozen=True)
class Visitor:
    """`waits`: arrived, and nobody said yet what became of the RDV. `may_arrive`: can be marked."""

    participation: Participation
    waits: bool
    may_arrive: bool


@dataclass(frozen=True)
class Visit:
    row: RdvRow
    people: tuple[Visitor, ...]


@dataclass(frozen=True)
class Hour:
    hour: int
    visits: tuple[Visit, ...]


@dataclass(frozen=True)
class Desk:
    """`waiting`: who is in the waiting room, first come first."""

    hours: tuple[Hour, ...]
    waiting: tuple[Visitor, ...]
    count: int


def desks_for(actor: Actor | None, permission: Permission) -> QuerySet[Organisation]:
    """Return the organisations whose whole day the actor may see: secretariat and admins.

    Reading is enough to know that the desk exists: others get a 403 (decision 14).
    """
    if not isinstance(actor, AgentActor):
        return Organisation.objects.none()
    if permission is permission.to_read():
        return organisations_for(actor, permission)
    whole = actor.organisations_with(permission, Reach.ORGANISATION)
    scope = Q(pk__in=whole) if whole else NOTHING
    scope |= Q(territoire__in=actor.territoires_with(permission))
    return organisations_for(actor, permission).filter(scope)


def desk_lieux(actor: Actor | None, organisation: Organisation) -> QuerySet[Lieu]:
    """Return the lieux where people are received: the open ones."""
    return (
        lieux_for(actor, Permission.LIEU_READ)
        .filter(organisation=organisation, availability=Availability.OPEN)
        .order_by("name", "pk")
    )


def desk_of(
    actor: Actor | None, organisation: Organisation, *, lieu: Lieu | None, day: date, now: datetime
) -> Desk:
    """Return the day on site; `lieu` None is the whole organisation. Cancelled ones are left out.

    A constant number of statements.
    """
    zone = organisation.territoire.zone
    start, end = day_bounds(day, zone)
    rdvs = rdvs_for(actor, Permission.RDV_READ).active().filter(
        organisation=organisation, starts_at__gte=start, starts_at__lt=end
    )  # fmt: skip
    rdvs = rdvs.filter(lieu=lieu) if lieu else rdvs.exclude(lieu=None)
    rows = rdv_rows(with_rows(rdvs.order_by("starts_at", "pk")), actor=actor, now=now)
    is_today = day == local_day(now, zone)
    visits = [_visit(row, is_today=is_today) for row in rows]
    waiting = [person for visit in visits for person in visit.people if person.waits]
    return Desk(
        hours=tuple(Hour(hour, tuple(group)) for hour, group in groupby(visits, key=_hour)),
        waiting=tuple(sorted(waiting, key=_arrival)),
        count=len(visits),
    )


def _visit(row: RdvRow, *, is_today: bool) -> Visit:
    people = []
    for part in row.people:
        if part.is_cancelled:
            continue
        is_open = is_today and part.status == UNKNOWN
        people.append(
            Visitor(
                participation=part,
                waits=is_open and part.arrived_at is not None,
                may_arrive=is_open and part.arrived_at is None,
            )
        )
    return Visit(row, tuple(people))


def _hour(visit: Visit) -> int:
    return timezone.localtime(visit.row.rdv.starts_at).hour


def _arrival(person: Visitor) -> datetime:
    assert person.participation.arrived_at is not None
    return person.participation.arrived_at
