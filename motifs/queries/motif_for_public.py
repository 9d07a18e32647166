"""What a citizen may book: opened to usagers, and covered by a plage (A03).

A prescripteur is offered more: `levels` are the booking levels of whoever asks (B03). Motifs de
suivi are apart: `referents` are the agents who follow whoever asks, and they alone receive.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Q

from motifs.models import Availability, BookingLevel, Lieu, LocationType, Motif, Visibility
from motifs.policies import PRESCRIBED
from motifs.queries.sectors import has_attribution

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from agents.models import Organisation, Territoire
    from motifs.queries.sectors import Sectors


ONLINE = (BookingLevel.USAGERS,)
Levels = tuple[BookingLevel, ...]
Referents = frozenset[int] | None

__all__ = [
    "ONLINE",
    "PRESCRIBED",
    "Levels",
    "has_plage",
    "lieux_of_motifs",
    "motif_open_online",
    "motifs_at_lieu",
    "motifs_of_organisation",
    "motifs_of_territoire",
]


def _open_online(levels: Levels = ONLINE, *, is_follow_up: bool = False) -> QuerySet[Motif]:
    """Motifs that the public may book, whether anybody receives for them or not.

    An invisible motif (decision 7) is never offered: its RDV could not be shown to who books it.
    """
    return (
        Motif.objects.active()
        .filter(
            organisation__archived_at=None,
            booking_level__in=levels,
            is_follow_up=is_follow_up,
        )
        .exclude(visibility=Visibility.INVISIBLE)
        .select_related("organisation__territoire")
    )


def _offered(today: date, levels: Levels, referents: Referents) -> QuerySet[Motif]:
    """Motifs open online that have somewhere to go.

    Some plage, not over on `today`, covers them in an open place; a collective one has a session.
    With `referents`, the motifs de suivi that one of them receives for.
    """
    if referents is None:
        has_session = Q(Exists(sessions_to_come(today)), is_collective=True)
        motifs = _open_online(levels).filter(has_plage(today) | has_session)
    else:
        covered = has_plage(today, referents)
        motifs = _open_online(levels, is_follow_up=True).filter(covered)
    return motifs.select_related("organisation__territoire", "service").order_by("name", "pk")


def has_plage(today: date, agents: Referents = None) -> Q:
    """Return the condition: some plage, not over on `today`, covers the individual motif.

    One of `agents`, if they are given.
    """
    return Q(Exists(_plages(today, agents)), is_collective=False)


def _plages(today: date, agents: Referents) -> QuerySet:
    """Return the plages of the outer motif; a lieu is needed when people come on site."""
    plage_motifs = Motif.plages.through.objects.filter(_of(agents))
    return plage_motifs.filter(_not_over(today), motif=OuterRef("pk")).filter(
        Q(plage__lieu__availability=Availability.OPEN)
        | ~Q(motif__location_type=LocationType.SUR_PLACE)
    )


def _of(agents: Referents) -> Q:
    return Q() if agents is None else Q(plage__agent__in=agents)


def sessions_to_come(today: date) -> QuerySet:
    """Return the sessions of the outer motif, that day or later; their hours are looked at later.

    A day before counts: days begin at other hours in other zones.
    """
    sessions = Motif._meta.get_field("rdvs").related_model._base_manager
    return sessions.filter(
        motif=OuterRef("pk"),
        status="unknown",
        hidden_at=None,
        starts_at__date__gte=today - timedelta(days=1),
    )


def sessions_with_seats(sessions: QuerySet) -> QuerySet:
    """Keep the sessions that are not full."""
    active = Q(participations__status__in=("unknown", "seen", "noshow"))
    taken = Count("participations", filter=active)
    rows = sessions.annotate(taken=taken)
    return rows.filter(Q(seats_total=None) | Q(seats_total__gt=F("taken")))


def _not_over(today: date) -> Q:
    # An exception may move the single occurrence of a plage: the engine judges the rest.
    return (
        Q(plage__frequency="none", plage__first_day__gte=today)
        | (~Q(plage__frequency="none") & Q(plage__recurrence_ends_on__isnull=True))
        | Q(plage__recurrence_ends_on__gte=today)
        | Q(plage__exceptions__new_day__gte=today)
    )


def motifs_of_organisation(
    organisation: Organisation,
    *,
    today: date,
    levels: Levels = ONLINE,
    referents: Referents = None,
) -> list[Motif]:
    return list(_offered(today, levels, referents).filter(organisation=organisation))


def motifs_of_territoire(
    territoire: Territoire,
    *,
    today: date,
    levels: Levels = ONLINE,
    referents: Referents = None,
) -> list[Motif]:
    return list(_offered(today, levels, referents).filter(organisation__territoire=territoire))


def motifs_at_lieu(motifs: list[Motif], lieu_uuid: str, *, today: date) -> list[Motif]:
    """Keep the motifs that are received at one lieu; those without lieu do not need it."""
    here = {motif.pk for motif, lieu in lieux_of_motifs(motifs, today=today)
            if str(lieu.uuid) == lieu_uuid}  # fmt: skip
    return [motif for motif in motifs if motif.pk in here]


def motif_open_online(
    motif_id: int, levels: Levels = ONLINE, *, is_follow_up: bool = False
) -> Motif | None:
    """Return one motif if that public may book it; the slot search says where and when."""
    return _open_online(levels, is_follow_up=is_follow_up).filter(pk=motif_id).first()


def lieux_of_motifs(
    motifs: list[Motif],
    *,
    today: date,
    agents: Referents = None,
    sectors: Sectors | None = None,
) -> list[tuple[Motif, Lieu]]:
    """Return each motif with each open lieu where one of its plages stands, in one statement.

    Those of `agents` only, if they are given; those that answer `sectors`.
    """
    by_pk = {motif.pk: motif for motif in motifs}
    rows = (
        Motif.plages.through.objects.filter(
            _not_over(today),
            _of(agents),
            Q() if sectors is None else has_attribution(sectors),
            motif__in=by_pk,
            plage__lieu__availability=Availability.OPEN,
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
