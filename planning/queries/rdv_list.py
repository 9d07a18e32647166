"""The rows of the list of RDVs and of the reception desk: a constant number of statements (E08)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from agents.models import Agent
from agents.permissions import AgentActor, Permission
from planning.models import Participation
from planning.policies import rdvs_for
from planning.queries.rdv_filter import RdvFilter, filtered_rdvs
from planning.queries.rdv_status import display_of
from planning.rules.rdv_label import TO_FILL_IN
from planning.rules.status import NOSHOW, SEEN, Moment, next_statuses
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from agents.models import Organisation
    from agents.permissions import Actor
    from planning.models import Rdv, RdvQuerySet
    from planning.queries.rdv_status import StatusDisplay

ONE_CLICK = (SEEN, NOSHOW)
MANY = 100


@dataclass(frozen=True)
class RdvRow:
    """`offers`: what one click may make of it, of « honoré » and « absence »."""

    rdv: Rdv
    status: StatusDisplay
    day: date
    people: tuple[Participation, ...]
    offers: tuple[str, ...]


@dataclass(frozen=True)
class RdvDay:
    date: date
    is_today: bool
    rows: tuple[RdvRow, ...]


def with_rows(rdvs: RdvQuerySet) -> RdvQuerySet:
    """Add what a row prints; three statements for a page, however long."""
    people = Participation.objects.select_related(
        "usager__responsable", "prescripteur", "prescribed_from", "created_by_agent__account"
    )
    return rdvs.select_related("organisation__territoire", "motif", "lieu").prefetch_related(
        Prefetch("agents", Agent.objects.select_related("account")),
        Prefetch("participations", people),
    )


def rdv_rows(rdvs: Iterable[Rdv], *, actor: Actor | None, now: datetime) -> list[RdvRow]:
    """Return the rows of RDVs that come from the policy and from `with_rows`, in their order."""
    page = list(rdvs)
    mine = rdvs_for(actor, Permission.RDV_EDIT).filter(pk__in=[rdv.pk for rdv in page])
    editable = set(mine.values_list("pk", flat=True))
    return [_row(rdv, is_editable=rdv.pk in editable, now=now) for rdv in page]


def _row(rdv: Rdv, *, is_editable: bool, now: datetime) -> RdvRow:
    zone = rdv.organisation.territoire.zone
    day = local_day(rdv.starts_at, zone)
    moment = Moment(rdv.starts_at, day, now, local_day(now, zone))
    offers: Collection[str] = ()
    if is_editable:
        offers = next_statuses(rdv.status, moment=moment, is_collective=rdv.motif.is_collective)
    return RdvRow(
        rdv=rdv,
        status=display_of(rdv, now=now),
        day=day,
        people=tuple(rdv.participations.all()),
        offers=tuple(status for status in ONE_CLICK if status in offers),
    )


def by_day(rows: Iterable[RdvRow], *, today: date) -> list[RdvDay]:
    """Return the rows under their days; they come in order of time."""
    return [
        RdvDay(day, is_today=day == today, rows=tuple(group))
        for day, group in groupby(rows, key=lambda row: row.day)
    ]


def to_fill_in_count(actor: Actor | None, organisation: Organisation, *, now: datetime) -> int:
    """Return how many RDVs of the signed-in agent, before today, say nothing of what happened.

    The filter of the list, so that both agree. Counted up to MANY: past that it is "100 ou plus".
    """
    if not isinstance(actor, AgentActor):
        return 0
    wanted = RdvFilter(
        (organisation,), agent_ids=frozenset({actor.agent_id}), states=frozenset({TO_FILL_IN})
    )
    return filtered_rdvs(actor, wanted, now=now).order_by()[:MANY].count()


def to_fill_in_query(agent_uuid: str) -> str:
    """Return the query string of the list that shows what `to_fill_in_count` counts."""
    return f"debut=&statut={TO_FILL_IN}&agents={agent_uuid}"
