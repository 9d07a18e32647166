"""What a citizen may book: opened to usagers, and covered by a plage (A03)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from motifs.models import Availability, BookingLevel, Lieu, LocationType, Motif, Visibility
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from agents.models import Organisation, Territoire


def _offered(today: date) -> QuerySet[Motif]:
    """Motifs open online that some plage, not over on `today`, covers in an open place.

    An invisible motif (decision 7) is never offered: its RDV could not be shown to who books it.
    """
    return (
        Motif.objects.active()
        .filter(
            organisation__archived_at=None,
            booking_level=BookingLevel.USAGERS,
            is_collective=False,
            is_follow_up=False,
        )
        .exclude(visibility=Visibility.INVISIBLE)
        .filter(Exists(_plages(today)))
        .select_related("organisation__territoire", "service")
        .order_by("name", "pk")
    )


def _plages(today: date) -> QuerySet:
    """Return the plages of the outer motif; a lieu is needed when people come on site."""
    plage_motifs = Motif.plages.through.objects
    return plage_motifs.filter(_not_over(today), motif=OuterRef("pk")).filter(
        Q(plage__lieu__availability=Availability.OPEN)
        | ~Q(motif__location_type=LocationType.SUR_PLACE)
    )


def _not_over(today: date) -> Q:
    # An exception may move the single occurrence of a plage: the engine judges the rest.
    return (
        Q(plage__frequency="none", plage__first_day__gte=today)
        | (~Q(plage__frequency="none") & Q(plage__recurrence_ends_on__isnull=True))
        | Q(plage__recurrence_ends_on__gte=today)
        | Q(plage__exceptions__new_day__gte=today)
    )


def motifs_of_organisation(organisation: Organisation, *, today: date) -> list[Motif]:
    return list(_offered(today).filter(organisation=organisation))


def motifs_of_territoire(territoire: Territoire, *, today: date) -> list[Motif]:
    return list(_offered(today).filter(organisation__territoire=territoire))


def offered_motif(motif_id: int, *, now: datetime) -> Motif | None:
    """Return one motif if it is offered to the public at `now`."""
    zone = Motif.objects.filter(pk=motif_id).values_list("organisation__territoire__timezone")
    for (name,) in zone:
        return _offered(local_day(now, ZoneInfo(name))).filter(pk=motif_id).first()
    return None


def lieux_of_motifs(motifs: list[Motif], *, today: date) -> list[tuple[Motif, Lieu]]:
    """Return each motif with each open lieu where one of its plages stands, in one statement."""
    by_pk = {motif.pk: motif for motif in motifs}
    rows = (
        Motif.plages.through.objects.filter(
            _not_over(today), motif__in=by_pk, plage__lieu__availability=Availability.OPEN
        )
        .order_by("plage__lieu", "motif")
        .values_list("plage__lieu", "motif")
        .distinct()
    )
    pairs = list(rows)
    lieux = Lieu.objects.select_related("organisation__territoire").in_bulk(
        {lieu for lieu, _ in pairs}
    )
    return [(by_pk[motif], lieux[lieu]) for lieu, motif in pairs]
