"""Motifs of an organisation, as its agents see them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db.models import Case, Count, Q, Value, When

from agents.models import Organisation, Service, Territoire
from agents.permissions import Permission
from agents.policies import organisations_for
from motifs.models import BookingLevel, Motif, MotifCategory, Visibility
from motifs.policies import motifs_for, motifs_scope
from rdv.common.text_keys import fold, folded

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from django.db.models import QuerySet

    from agents.permissions import Actor


# Somebody who waits for a créneau, their address proven (A09).
_WAITING = Q(waiting_list__ended_at=None, waiting_list__confirmed_at__isnull=False)


def current_plage(day: date, prefix: str = "plages__") -> Q:
    """Return the condition of a plage that is not over on `day`, through the key `prefix`."""
    single = Q(**{f"{prefix}frequency": "none", f"{prefix}first_day__gte": day})
    endless = Q(**{f"{prefix}recurrence_ends_on": None}) | Q(
        **{f"{prefix}recurrence_ends_on__gte": day}
    )
    return single | (~Q(**{f"{prefix}frequency": "none"}) & endless)


@dataclass(frozen=True)
class MotifFilter:
    """`service` is a code, `online` "1", "0" or "" (both), `mark` a key of MARKS, `category` a key.

    `organisation` is an uuid, for the lists of several.
    """

    text: str = ""
    service: str = ""
    location_type: str = ""
    online: str = ""
    mark: str = ""
    category: str = ""
    organisation: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(asdict(self).values())

    def apply(self, rows: QuerySet[Motif], today: date) -> QuerySet[Motif]:
        if self.text:
            rows = rows.annotate(name_key=folded("name")).filter(name_key__contains=fold(self.text))
        if self.online:
            is_online = Q(booking_level=BookingLevel.USAGERS)
            rows = rows.filter(is_online if self.online == "1" else ~is_online)
        exact = {
            "service__code": self.service,
            "location_type": self.location_type,
            "category": self.category,
            "organisation__uuid": self.organisation,
        }
        rows = rows.filter(**{name: value for name, value in exact.items() if value})
        if self.mark == SUSPENDED:
            return rows.filter(booking_suspended_until__gt=today)
        return rows.filter(MARKS[self.mark]) if self.mark else rows


SUSPENDED = "suspendu"
# What a badge of the list says, and its filter asks.
MARKS = {
    "prescripteurs": Q(booking_level=BookingLevel.PRESCRIPTEURS),
    "collectif": Q(is_collective=True),
    "suivi": Q(is_follow_up=True),
    "secretariat": Q(for_secretariat=True),
    "invisible": Q(visibility=Visibility.INVISIBLE),
}


def motifs_of(
    actor: Actor | None,
    where: Organisation | Territoire,
    *,
    today: date,
    wanted: MotifFilter,
    archived: bool = False,
) -> QuerySet[Motif]:
    """Return the motifs that `actor` may read, with `may_edit`, `plage_count`, `waiting_count`."""
    rows = motifs_for(actor, Permission.MOTIF_READ).filter(
        _within(where), archived_at__isnull=not archived
    )
    edit = motifs_scope(actor, Permission.MOTIF_EDIT)
    return (
        wanted.apply(rows, today)
        .annotate(
            may_edit=Case(When(edit, then=Value(True)), default=Value(False)),
            plage_count=Count("plages", filter=current_plage(today), distinct=True),
            waiting_count=Count("waiting_list", filter=_WAITING, distinct=True),
        )
        .select_related("service", "organisation__territoire", "category")
        .order_by("organisation__name", "service__name", "name", "pk")
    )


def _within(where: Organisation | Territoire) -> Q:
    if isinstance(where, Territoire):
        return Q(organisation__territoire=where)
    return Q(organisation=where)


def services_of_motifs(actor: Actor | None, where: Organisation | Territoire) -> QuerySet[Service]:
    """Return the services that the filter offers: those of the motifs that one reads."""
    motifs = motifs_for(actor, Permission.MOTIF_READ).filter(_within(where))
    return Service.objects.filter(pk__in=motifs.values("service")).order_by("name")


def organisations_of_motifs(actor: Actor | None, territoire: Territoire) -> QuerySet[Organisation]:
    """Return the organisations that the filter of a territoire offers."""
    rows = organisations_for(actor, Permission.MOTIF_EDIT).filter(territoire=territoire)
    return rows.order_by("name", "pk")


def services_for_motif(organisation: Organisation, motif: Motif | None = None) -> QuerySet[Service]:
    """Return the services a motif may have: active in the territoire, never the secretariat."""
    scope = Q(territoire_services__territoire=organisation.territoire_id)
    if motif is not None:
        scope |= Q(pk=motif.service_id)
    return (
        Service.objects.filter(scope).exclude(code=Service.SECRETARIAT).distinct().order_by("name")
    )


def services_of_targets(organisations: Sequence[Organisation]) -> QuerySet[Service]:
    """Return the services that a motif may have in one of these organisations at least."""
    territoires = {organisation.territoire_id for organisation in organisations}
    scope = Q(territoire_services__territoire__in=territoires)
    return (
        Service.objects.filter(scope).exclude(code=Service.SECRETARIAT).distinct().order_by("name")
    )


def categories_of(territoire_ids: Collection[int]) -> QuerySet[MotifCategory]:
    return MotifCategory.objects.filter(territoire__in=territoire_ids).order_by("name", "pk")


def coming_rdv_count(motif: Motif, now: datetime) -> int:
    """Return how many RDVs of this motif are still to come, cancelled ones apart."""
    rdvs = motif.rdvs.filter(starts_at__gt=now, hidden_at=None, cancelled_at=None)
    return rdvs.count()
