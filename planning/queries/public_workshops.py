"""The sessions of collective motifs, as the public sees them: when, where, seats left (E07)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from agents.models import Attribution
from motifs.models import SectorisationLevel
from motifs.queries.suspension import suspension_of
from planning.models import Rdv
from planning.rules import registration
from planning.rules.status import ACTIVE
from planning.slots.seats import Seats

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from motifs.models import Motif

SHOWN = 100
Sectors = frozenset[int] | None


@dataclass(frozen=True)
class PublicWorkshop:
    rdv: Rdv
    seats: Seats


def public_workshops(
    motifs: Sequence[Motif], *, now: datetime, lieu_uuid: str = "", sectors: Sectors = None
) -> list[PublicWorkshop]:
    """Return the sessions of motifs open to who asks that may be joined by now, full ones too.

    Soonest first, a hundred at most; one statement. `lieu_uuid` "" is everywhere. With `sectors`, a
    motif sectorised by agent shows the sessions of the agents attributed there (G15).
    """
    by_pk = {motif.pk: motif for motif in motifs if motif.is_collective}
    if not by_pk:
        return []
    rows = _rows().filter(motif__in=by_pk, starts_at__gt=now).order_by("starts_at", "pk")
    rows = _answering(rows.select_related("lieu"), sectors)
    if lieu_uuid:
        rows = rows.filter(lieu__uuid=lieu_uuid)
    found = []
    for rdv in rows[:SHOWN]:
        rdv.motif = by_pk[rdv.motif_id]
        if not refusal_to_join(rdv, now=now):
            found.append(_workshop(rdv))
    return found


def public_workshop(
    uuid: UUID | str, motifs: Sequence[Motif], *, now: datetime, sectors: Sectors = None
) -> PublicWorkshop | None:
    """Return one session of `motifs`, if it may still be joined by its date; it may be full."""
    by_pk = {motif.pk: motif for motif in motifs if motif.is_collective}
    rows = _answering(_rows().select_related("lieu"), sectors)
    rdv = rows.filter(uuid=uuid, motif__in=by_pk).first()
    if rdv is None:
        return None
    rdv.motif = by_pk[rdv.motif_id]
    return None if refusal_to_join(rdv, now=now) else _workshop(rdv)


def refusal_to_join(rdv: Rdv, *, now: datetime) -> str:
    """Return why nobody of the public may join, or "".

    Seats, persons and the level of the motif are not looked at: the caller chose the motifs.
    """
    motif = rdv.motif
    return registration.refusal_of_public(
        status=rdv.status,
        is_open=motif.archived_at is None and suspension_of(motif, now=now) is None,
        starts_at=rdv.starts_at,
        min_delay=timedelta(minutes=motif.min_delay_minutes),
        max_delay=timedelta(minutes=motif.max_delay_minutes),
        now=now,
    )


def _answering(rows: QuerySet[Rdv], sectors: Sectors) -> QuerySet[Rdv]:
    if sectors is None:
        return rows
    theirs = Attribution.objects.filter(
        sector__in=sectors,
        organisation=OuterRef("organisation"),
        agent__agent_rdvs__rdv=OuterRef("pk"),
    )
    by_agent = Q(motif__sectorisation_level=SectorisationLevel.AGENT)
    return rows.filter(~by_agent | Exists(theirs))


def _rows() -> QuerySet[Rdv]:
    taken = Count("participations", filter=Q(participations__status__in=ACTIVE))
    return Rdv.objects.active().annotate(taken=taken)


def _workshop(rdv: Rdv) -> PublicWorkshop:
    return PublicWorkshop(rdv, Seats(rdv.seats_total, rdv.taken))  # type: ignore[attr-defined]
