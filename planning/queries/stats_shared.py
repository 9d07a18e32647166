"""What the counts cannot say: the RDVs that one has with colleagues, outside of one's services.

The counts are kept agent by agent. Whoever sees a part only sees those RDVs by their own name
(decision 8): they are read one by one, since they are few. Their columns are those of
`planning.services.stats_sql.FRESH_RDVS`; a test compares.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef

from planning.models import AgentRdv, Origin, Rdv, WaitingListOffer
from planning.rules.rdv_label import TO_FILL_IN, TODAY, UPCOMING
from planning.rules.status import EXCUSED, NOSHOW, REVOKED, SEEN, UNKNOWN
from rdv.common.timezones import day_bounds, local_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from planning.queries.stats import StatsFilter, StatsScope

# No zone is further from it.
_UTC = ZoneInfo("UTC")
_A_DAY = timedelta(days=1)
COUNTED = (SEEN, NOSHOW, EXCUSED, REVOKED, TO_FILL_IN, TODAY, UPCOMING)


def shared_rows(scope: StatsScope, wanted: StatsFilter, today: date) -> Iterator[dict[str, Any]]:
    """Yield one row for each such RDV, as `stats.sums` says it; beside, its delay and colleagues.

    Those with the colleague who is asked for, if any. Nothing for whoever sees all, or their own
    RDVs only; else at most three statements.
    """
    if scope.own is None or scope.motif_ids is None or wanted.agent_id == scope.own:
        return
    named = AgentRdv.objects.filter(rdv=OuterRef("pk")).exclude(agent=scope.own)
    if wanted.agent_id is not None:
        named = named.filter(agent=wanted.agent_id)
    first, end = day_bounds(wanted.first, _UTC)[0], day_bounds(wanted.last, _UTC)[1]
    offers = WaitingListOffer.objects.filter(rdv=OuterRef("pk"), outcome="accepted")
    rdvs = (
        Rdv.objects.kept()
        .filter(Exists(named), agent_rdvs__agent=scope.own)
        .filter(organisation__in=scope.organisation_ids)
        .filter(starts_at__gte=first - _A_DAY, starts_at__lt=end + _A_DAY)
        .exclude(motif__in=scope.motif_ids)
        .annotate(is_offered=Exists(offers))
        .select_related("organisation__territoire")
        .prefetch_related("participations", "agent_rdvs")
    )
    if wanted.motif_ids is not None:
        rdvs = rdvs.filter(motif__in=wanted.motif_ids)
    if wanted.lieu_id is not None:
        rdvs = rdvs.filter(lieu=wanted.lieu_id)
    for rdv in rdvs.order_by("starts_at", "pk"):
        zone = rdv.organisation.territoire.zone
        if day_bounds(wanted.first, zone)[0] <= rdv.starts_at < day_bounds(wanted.last, zone)[1]:
            colleagues = {row.agent_id for row in rdv.agent_rdvs.all()} - {scope.own}
            yield {**_row(rdv, today), "agents": colleagues}


def _row(rdv: Any, today: date) -> dict[str, Any]:
    zone = rdv.organisation.territoire.zone
    day = local_day(rdv.starts_at, zone)
    people = sorted(rdv.participations.all(), key=lambda row: row.pk)
    state = _state(rdv.status, day, today)
    statuses = [row.status for row in people]
    is_past = day <= today
    return {
        "day": day,
        "origin": Origin.WAITING_LIST if rdv.is_offered else _origin(people),
        "motif_id": rdv.motif_id,
        "lieu_id": rdv.lieu_id,
        "delay": max((day - local_day(rdv.created_at, zone)) // _A_DAY, 0),
        **{f"n_{each}": int(each == state) for each in COUNTED},
        "n_persons": sum(status in {UNKNOWN, SEEN, NOSHOW} for status in statuses),
        "n_came": statuses.count(SEEN) if is_past else 0,
        "n_missed": statuses.count(NOSHOW) if is_past else 0,
    }


def _state(status: str, day: date, today: date) -> str:
    if status != UNKNOWN:
        return status
    if day == today:
        return TODAY
    return TO_FILL_IN if day < today else UPCOMING


def _origin(people: list[Any]) -> Origin:
    if people and people[0].prescripteur_id:
        return Origin.PRESCRIPTEUR
    return Origin.INTERNET if people and people[0].created_by_usager_id else Origin.AGENT
