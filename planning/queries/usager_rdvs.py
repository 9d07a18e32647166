"""The RDVs of one person on their fiche (F02): within what the agent may read, by one policy.

A RDV that `rdvs_for` does not give is neither shown nor counted: that a service or an organisation
follows somebody may already say too much (decision 8 shows « occupé » in agendas, without a name).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q

from agents.permissions import Permission
from planning.models import Participation, Rdv
from planning.policies import rdvs_for
from planning.queries.rdv_list import with_rows
from planning.queries.rdv_status import (
    StatusDisplay,
    display_of_key,
    display_of_person,
    status_choices,
)
from planning.rules import rdv_label
from planning.rules.status import UNKNOWN
from rdv.common.timezones import day_bounds, local_day

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor
    from planning.models import RdvQuerySet
    from usagers.models import Usager

MOST_COMING = 50
PER_PAGE = 20


@dataclass(frozen=True)
class UsagerRdv:
    rdv: Rdv
    status: StatusDisplay


@dataclass(frozen=True)
class UsagerRdvs:
    """`coming`: soonest first. `page`: a page of the past ones, latest first; `past` its lines.

    `counts`: how many of each status, in the order of the legend; those that are none left out.
    """

    coming: tuple[UsagerRdv, ...]
    past: tuple[UsagerRdv, ...]
    page: Page[Rdv]
    counts: tuple[tuple[StatusDisplay, int], ...]


def rdvs_of_fiche(
    usager: Usager, *, actor: Actor | None, now: datetime, page: str | None = None
) -> UsagerRdvs:
    """Return the history; ten statements, however long it is."""
    mine = Participation.objects.filter(rdv=OuterRef("pk"), usager=usager)
    rdvs: RdvQuerySet = rdvs_for(actor, Permission.RDV_READ).filter(Exists(mine))
    coming = with_rows(rdvs.filter(ends_at__gt=now)).order_by("starts_at", "pk")[:MOST_COMING]
    past = with_rows(rdvs.filter(ends_at__lte=now)).order_by("-starts_at", "-pk")
    shown = Paginator(past, PER_PAGE).get_page(page)
    return UsagerRdvs(
        coming=tuple(_line(rdv, usager, now) for rdv in coming),
        past=tuple(_line(rdv, usager, now) for rdv in shown),
        page=shown,
        counts=_counts(rdvs, usager, now),
    )


def _line(rdv: Rdv, usager: Usager, now: datetime) -> UsagerRdv:
    own = next(row for row in rdv.participations.all() if row.usager_id == usager.pk)
    return UsagerRdv(rdv, display_of_person(rdv, own.status, now=now))


def _counts(
    rdvs: RdvQuerySet, usager: Usager, now: datetime
) -> tuple[tuple[StatusDisplay, int], ...]:
    zone = usager.territoire.zone
    today, tomorrow = day_bounds(local_day(now, zone), zone)
    of_today = Q(rdv__starts_at__gte=today, rdv__starts_at__lt=tomorrow)
    rows = (
        Participation.objects.filter(usager=usager, rdv__in=rdvs.order_by().values("pk"))
        .order_by()
        .values("status")
        .annotate(
            total=Count("pk"),
            today=Count("pk", filter=of_today),
            coming=Count("pk", filter=Q(rdv__starts_at__gte=tomorrow)),
        )
    )
    found: dict[str, int] = {}
    for row in rows:
        if row["status"] == UNKNOWN:
            found[rdv_label.UPCOMING] = row["coming"]
            found[rdv_label.TODAY] = row["today"]
            found[rdv_label.TO_FILL_IN] = row["total"] - row["coming"] - row["today"]
        else:
            found[row["status"]] = row["total"]
    return tuple((display_of_key(key), found[key]) for key, _ in status_choices() if found.get(key))
