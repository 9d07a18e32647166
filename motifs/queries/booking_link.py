"""The page « Réservation en ligne »: public address, and why a motif cannot be booked (A01)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import Cast
from django.urls import reverse

from motifs.models import Availability, LocationType
from motifs.queries.motif_list import current_plage
from motifs.rules.bookable import Openings, Reason, reasons_not_bookable

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from agents.models import Organisation
    from motifs.models import Motif


@dataclass(frozen=True)
class OnlineRow:
    motif: Motif
    reasons: list[Reason]

    @property
    def is_bookable(self) -> bool:
        return not self.reasons


def public_url(organisation: Organisation) -> str:
    """Return the absolute address of the public booking page."""
    path = reverse("usagers:booking_organisation", args=[organisation.slug])
    return f"{settings.SITE_URL}{path}"


def online_rows(organisation: Organisation, *, today: date) -> list[OnlineRow]:
    """Return every active motif with what stands in its way, those open online first.

    Two statements. The reasons concern the whole organisation, not what one agent may see.
    """
    has_open_lieu = organisation.lieux.filter(availability=Availability.OPEN).exists()
    has_contact = bool(organisation.phone_number or organisation.email)
    rows = [
        OnlineRow(
            motif=motif,
            reasons=reasons_not_bookable(
                is_open_online=motif.is_open_online,
                is_collective=motif.is_collective,
                has_contact=has_contact,
                requires_lieu=motif.requires_lieu,
                has_open_lieu=has_open_lieu,
                openings=Openings(
                    total=motif.plages_total,
                    current=motif.plages_current,
                    with_open_lieu=motif.plages_open_lieu,
                    long_enough=motif.plages_long_enough,
                ),
            ),
        )
        for motif in _motifs(organisation, today)
    ]
    return sorted(rows, key=lambda row: not row.motif.is_open_online)


def _motifs(organisation: Organisation, today: date) -> QuerySet[Any]:
    current = current_plage(today)
    placed = current & (
        ~Q(location_type=LocationType.SUR_PLACE) | Q(plages__lieu__availability=Availability.OPEN)
    )
    length = ExpressionWrapper(
        Cast(F("plages__end_time"), DurationField())
        - Cast(F("plages__start_time"), DurationField()),
        output_field=DurationField(),
    )
    minute = timedelta(minutes=1)
    return (
        organisation.motifs.active()
        .select_related("service")
        .alias(plage_length=length)
        .annotate(
            plages_total=Count("plages", distinct=True),
            plages_current=Count("plages", filter=current, distinct=True),
            plages_open_lieu=Count("plages", filter=placed, distinct=True),
            plages_long_enough=Count(
                "plages",
                filter=placed
                & Q(
                    plage_length__gte=ExpressionWrapper(
                        F("duration_minutes") * minute, output_field=DurationField()
                    )
                ),
                distinct=True,
            ),
        )
        .order_by("service__name", "name", "pk")
    )
