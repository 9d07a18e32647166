"""The RDVs to come and the plages of what is about to be closed: a motif or a lieu (G13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Max, Min
from django.urls import reverse

from agents.permissions import Permission
from motifs.models import Lieu
from planning.models import PlageOuverture, Rdv, Status
from planning.policies import rdvs_for
from planning.queries.plage_ouverture_list import ended_before
from planning.queries.schedule_words import words_of
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from agents.permissions import Actor
    from motifs.models import Motif

PLAGES_SHOWN = 50


@dataclass(frozen=True)
class Coming:
    """`shown`: those that one may read, soonest first; `count` of all, read or not.

    `change_url`: where to cancel or move them all at once, "" without any.
    """

    shown: QuerySet[Rdv]
    count: int
    change_url: str


@dataclass(frozen=True)
class PlageLine:
    plage: PlageOuverture
    words: str


def coming_rdvs(
    *, now: datetime, motif: Motif | None = None, lieu: Lieu | None = None
) -> QuerySet[Rdv]:
    """Return the RDVs of the motif or of the lieu that are still to come, cancelled ones apart."""
    rows = Rdv.objects.kept().filter(starts_at__gt=now, status=Status.UNKNOWN)
    return rows.filter(motif=motif) if motif else rows.filter(lieu=lieu)


def coming_of(row: Motif | Lieu, *, actor: Actor | None, now: datetime) -> Coming:
    """Return what is to come; one statement, and those of the page."""
    if isinstance(row, Lieu):
        rows, name = coming_rdvs(now=now, lieu=row), "lieu"
    else:
        rows, name = coming_rdvs(now=now, motif=row), "motif"
    bounds = rows.aggregate(first=Min("starts_at"), last=Max("starts_at"))
    shown = (
        rdvs_for(actor, Permission.RDV_READ)
        .filter(pk__in=rows.values("pk"))
        .select_related("motif", "lieu")
        .order_by("starts_at", "pk")
    )
    if bounds["first"] is None:
        return Coming(shown, 0, "")
    zone = row.organisation.territoire.zone
    first, last = (local_day(bounds[side], zone) for side in ("first", "last"))
    query = {
        name: str(row.uuid),
        "jour": first.isoformat(),
        "dernier_jour": last.isoformat(),
    }
    url = reverse("planning:rdv_bulk", args=[row.organisation.uuid])
    return Coming(shown, rows.count(), f"{url}?{urlencode(query)}")


def plages_at(lieu: Lieu, *, today: date) -> list[PlageOuverture]:
    """Return the plages of the lieu that are not over, with what a message says of them."""
    rows = PlageOuverture.objects.filter(lieu=lieu).exclude(ended_before(today))
    return list(
        rows.select_related("agent__account", "organisation__territoire", "lieu").order_by(
            "agent__last_name", "agent", "first_day", "pk"
        )
    )


def plage_lines(plages: list[PlageOuverture]) -> list[PlageLine]:
    """Return the first fifty, in words."""
    return [PlageLine(plage, words_of(plage)) for plage in plages[:PLAGES_SHOWN]]
