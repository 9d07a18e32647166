"""The page « Réservation en ligne »: public address, and why a motif cannot be booked (A01)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Value,
)
from django.db.models.functions import Cast
from django.urls import reverse

from motifs.models import Availability, LocationType, Visibility
from motifs.queries.motif_for_public import sessions_to_come, sessions_with_seats
from motifs.queries.motif_list import current_plage
from motifs.rules.bookable import Openings, Reason, Sessions, reasons_not_bookable
from motifs.rules.public_key import public_key
from motifs.rules.suspension import suspension_on, suspension_reason
from rdv.common.french import day_text
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from agents.models import Organisation, Territoire
    from motifs.models import Lieu, Motif


@dataclass(frozen=True)
class OnlineRow:
    """`url` leads to this motif alone."""

    motif: Motif
    url: str
    reasons: list[Reason]

    @property
    def is_bookable(self) -> bool:
        return not self.reasons


def public_url(organisation: Organisation) -> str:
    """Return the absolute address of the public booking page."""
    path = reverse("usagers:booking_organisation", args=[organisation.slug])
    return f"{settings.SITE_URL}{path}"


def territoire_url(territoire: Territoire) -> str:
    """Return the absolute address of the public booking page of a whole territoire."""
    path = reverse("usagers:booking_territoire", args=[territoire.slug])
    return f"{settings.SITE_URL}{path}"


def prescripteur_url(organisation: Organisation) -> str:
    """Return the address that starts the journey for somebody else (decision 22)."""
    return f"{public_url(organisation)}?prescripteur=1"


def motif_url(motif: Motif, organisation: Organisation) -> str:
    """Return the address that leads straight to one rendez-vous."""
    kind = "collectif" if motif.is_collective else motif.location_type
    path = reverse("usagers:booking_lieu", kwargs={"organisation_slug": organisation.slug})
    query = urlencode({"motif": public_key(motif.name, kind)})
    return f"{settings.SITE_URL}{path}?{query}"


def lieu_links(organisation: Organisation) -> list[tuple[Lieu, str]]:
    """Return the open lieux, each with the address of what is received there; one statement."""
    lieux = organisation.lieux.filter(availability=Availability.OPEN).order_by("name", "pk")
    return [(lieu, f"{public_url(organisation)}?site={lieu.uuid}") for lieu in lieux]


def online_rows(organisation: Organisation, *, now: datetime) -> list[OnlineRow]:
    """Return every active motif with what stands in its way, those open online first.

    Two statements. The reasons concern the whole organisation, not what one agent may see.
    """
    has_open_lieu = organisation.lieux.filter(availability=Availability.OPEN).exists()
    has_contact = bool(organisation.phone_number or organisation.email)
    rows = [
        OnlineRow(
            motif=motif,
            url=motif_url(motif, organisation),
            reasons=_suspended(motif, organisation, now)
            + reasons_not_bookable(
                is_open_online=motif.is_open_online,
                is_collective=motif.is_collective,
                sessions=Sessions(
                    to_come=motif.has_session,
                    in_time=motif.has_session_in_time,
                    with_seats=motif.has_session_with_seats,
                ),
                is_follow_up=motif.is_follow_up,
                is_invisible=motif.visibility == Visibility.INVISIBLE,
                has_contact=has_contact,
                requires_lieu=motif.requires_lieu,
                has_open_lieu=has_open_lieu,
                openings=Openings(
                    total=motif.plages_total,
                    current=motif.plages_current,
                    with_open_lieu=motif.plages_open_lieu,
                    long_enough=motif.plages_long_enough,
                    soon_enough=motif.plages_soon_enough,
                ),
            ),
        )
        for motif in _motifs(organisation, now)
    ]
    return sorted(rows, key=lambda row: not row.motif.is_open_online)


def _suspended(motif: Motif, organisation: Organisation, now: datetime) -> list[Reason]:
    today = local_day(now, organisation.territoire.zone)
    suspension = suspension_on(today, motif, organisation)
    return [suspension_reason(day_text(suspension.until))] if suspension else []


def _motifs(organisation: Organisation, now: datetime) -> QuerySet[Any]:
    today = local_day(now, organisation.territoire.zone)
    sessions = sessions_to_come(today).filter(starts_at__gt=now)
    in_time = sessions.filter(
        starts_at__gte=_after(now, "min_delay_minutes"),
        starts_at__lte=_after(now, "max_delay_minutes"),
    )
    return _with_plages(organisation.motifs.active(), today).annotate(
        has_session=Exists(sessions),
        has_session_in_time=Exists(in_time),
        has_session_with_seats=Exists(sessions_with_seats(in_time)),
    )


def _after(now: datetime, column: str) -> ExpressionWrapper:
    """Return the instant so many minutes after `now`, by that column of the motif."""
    delay = OuterRef(column) * Value(timedelta(minutes=1))
    return ExpressionWrapper(Value(now) + delay, output_field=DateTimeField())


def _with_plages(motifs: QuerySet[Any], today: date) -> QuerySet[Any]:
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
    latest = ExpressionWrapper(
        Value(datetime.combine(today, time.max, UTC)) + F("max_delay_minutes") * minute,
        output_field=DateTimeField(),
    )
    long_enough = placed & Q(
        plage_length__gte=ExpressionWrapper(
            F("duration_minutes") * minute, output_field=DurationField()
        )
    )
    return (
        motifs.select_related("service")
        .alias(plage_length=length)
        .annotate(
            plages_total=Count("plages", distinct=True),
            plages_current=Count("plages", filter=current, distinct=True),
            plages_open_lieu=Count("plages", filter=placed, distinct=True),
            plages_long_enough=Count("plages", filter=long_enough, distinct=True),
            plages_soon_enough=Count(
                "plages",
                filter=long_enough & Q(plages__first_day__lte=latest),
                distinct=True,
            ),
        )
        .order_by("service__name", "name", "pk")
    )
