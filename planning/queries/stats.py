"""The figures of a period (H02), added up from the counts that `stats_refresh` keeps.

Which RDVs count is decided here from the policy's own words: a scope is the organisations, and for
whoever sees a part only, the motifs of their services and their own name (decision 8).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Func, Q, SmallIntegerField, Sum

from planning.models import StatMessage, StatRdv, StatRefresh
from planning.queries.stats_shared import shared_rows
from planning.rules.rdv_label import TO_FILL_IN, TODAY, UPCOMING
from planning.rules.stats import column_of, columns, median, percentage, spans
from planning.rules.status import EXCUSED, NOSHOW, REVOKED, SEEN

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from planning.rules.stats import Span

STATES = (SEEN, NOSHOW, EXCUSED, REVOKED, TO_FILL_IN, TODAY, UPCOMING)


@dataclass(frozen=True)
class StatsScope:
    """Whose RDVs may be counted.

    `own`: those that bear this agent's name. `motif_ids`: the motifs seen whoever the agent is;
    None: all of them. With `motif_ids`, `own` adds to them; without, it is all there is.
    """

    organisation_ids: tuple[int, ...]
    own: int | None = None
    motif_ids: frozenset[int] | None = None

    @property
    def is_whole(self) -> bool:
        return self.own is None


@dataclass(frozen=True)
class StatsFilter:
    """What is asked of a scope; days are both included, those of each territoire."""

    first: date
    last: date
    step: str
    motif_ids: frozenset[int] | None = None
    lieu_id: int | None = None
    agent_id: int | None = None

    @property
    def is_narrow(self) -> bool:
        """Say whether something is asked that a message does not bear."""
        return (self.motif_ids, self.lieu_id, self.agent_id) != (None, None, None)


@dataclass
class Tally:
    """Counts of one group. RDVs by state; persons expected, and of past RDVs who came or did not.

    `absence`: absences in % of (came + did not come), None when nobody was to come.
    """

    states: Counter[str] = field(default_factory=Counter)
    persons: int = 0
    came: int = 0
    missed: int = 0

    @property
    def total(self) -> int:
        return self.states.total()

    @property
    def cancelled(self) -> int:
        return self.states[EXCUSED] + self.states[REVOKED]

    @property
    def absence(self) -> int | None:
        return percentage(self.missed, self.came + self.missed)

    def add(self, row: dict[str, Any]) -> None:
        """Add a row of `sums`; a sum of nothing is null."""
        for state in STATES:
            self.states[state] += row[f"n_{state}"] or 0
        self.persons += row["n_persons"] or 0
        self.came += row["n_came"] or 0
        self.missed += row["n_missed"] or 0


@dataclass
class Figures:
    """`columns`: first day of each column, in order, empty ones too. `delays`: days -> RDVs."""

    total: Tally
    columns: dict[date, Tally]
    origins: dict[str, Tally]
    motifs: dict[int, Tally]
    lieux: dict[int | None, Tally]
    agents: dict[int, Tally]
    delays: Counter[int]
    messages: dict[tuple[str, str], int] | None

    @property
    def median_delay(self) -> int | None:
        return median(self.delays)


def counted_at() -> datetime | None:
    """Return the instant of which the figures are; None before they were ever counted."""
    return StatRefresh.objects.values_list("done_at", flat=True).first()


def figures(
    scope: StatsScope,
    wanted: StatsFilter,
    *,
    today: date,
    with_lieux: bool = True,
    with_agents: bool = True,
) -> Figures:
    """Add up; the number of statements depends on what is asked, never on how many rows."""
    asked = spans(wanted.first, wanted.last, step=wanted.step, today=today)
    rows = _rows(scope, wanted, asked)
    total = Tally()
    by_column = {day: Tally() for day in columns(wanted.first, wanted.last, wanted.step)}
    origins: dict[str, Tally] = {}
    for row in sums(rows, today, "day", "origin"):
        for tally in (
            total,
            by_column[column_of(row["day"], wanted.step)],
            origins.setdefault(row["origin"], Tally()),
        ):
            tally.add(row)
    whole = scope.is_whole and not wanted.is_narrow
    named = _rows(scope, wanted, asked, by_agent=True) if with_agents else None
    found = Figures(
        total=total,
        columns=by_column,
        origins=origins,
        motifs=_tallies(rows, "motif_id", today),
        lieux=_tallies(rows, "lieu_id", today) if with_lieux else {},
        agents={} if named is None else _tallies(named, "agent_id", today),
        delays=_delays(rows),
        messages=_messages(scope, asked) if whole else None,
    )
    for row in shared_rows(scope, wanted, today):
        _add_shared(found, row, wanted)
    return found


def _add_shared(found: Figures, row: dict[str, Any], wanted: StatsFilter) -> None:
    """Add a RDV with colleagues that one sees by one's own name alone.

    All their RDVs counted already, it is theirs too; of one colleague, it is one more.
    """
    if wanted.agent_id is None:
        for agent_id in row["agents"]:
            found.agents.setdefault(agent_id, Tally()).add(row)
        return
    for tally in (
        found.total,
        found.columns[column_of(row["day"], wanted.step)],
        found.origins.setdefault(row["origin"], Tally()),
        found.motifs.setdefault(row["motif_id"], Tally()),
        found.lieux.setdefault(row["lieu_id"], Tally()),
        found.agents.setdefault(wanted.agent_id, Tally()),
    ):
        tally.add(row)
    found.delays[row["delay"]] += 1


def _rows(
    scope: StatsScope, wanted: StatsFilter, asked: list[Span], *, by_agent: bool = False
) -> QuerySet[StatRdv]:
    rows = StatRdv.objects.filter(
        in_spans(asked),
        _who(scope, wanted.agent_id, by_agent=by_agent),
        organisation__in=scope.organisation_ids,
    )
    if wanted.motif_ids is not None:
        rows = rows.filter(motif__in=wanted.motif_ids)
    if wanted.lieu_id is not None:
        rows = rows.filter(lieu=wanted.lieu_id)
    return rows


def _who(scope: StatsScope, agent_id: int | None, *, by_agent: bool) -> Q:
    """Return which rows count each visible RDV once; with `by_agent`, once for each agent.

    A RDV outside of one's services is seen by one's name alone: with a colleague's name asked for,
    `shared_rows` adds those of both.
    """
    named = Q(agent__isnull=False) if by_agent else Q(agent__isnull=True)
    if agent_id is not None:
        named = Q(agent=agent_id)
    if scope.own is None:
        return named
    mine = Q(agent=scope.own)
    if scope.motif_ids is None or agent_id == scope.own:
        return mine
    seen = named & Q(motif__in=scope.motif_ids)
    return seen if agent_id else seen | mine & ~Q(motif__in=scope.motif_ids)


def in_spans(asked: list[Span]) -> Q:
    found = Q(pk__in=())
    for span in asked:
        found |= Q(is_month=span.is_month, day__gte=span.first, day__lte=span.last)
    return found


def sums(rows: QuerySet[StatRdv], today: date, *keys: str) -> Any:
    """Return the sums of each group; a month stands for its first day, and is not that of today."""
    past = Q(day__lte=today)
    sums = {
        **{f"n_{state}": Sum(state) for state in (SEEN, NOSHOW, EXCUSED, REVOKED)},
        f"n_{TO_FILL_IN}": Sum("unknown", filter=Q(day__lt=today)),
        f"n_{TODAY}": Sum("unknown", filter=Q(day=today)),
        f"n_{UPCOMING}": Sum("unknown", filter=Q(day__gt=today)),
        "n_persons": Sum("persons"),
        "n_came": Sum("persons_seen", filter=past),
        "n_missed": Sum("persons_noshow", filter=past),
    }
    return rows.order_by().values(*keys).annotate(**sums)


def _tallies(rows: QuerySet[StatRdv], key: str, today: date) -> dict[Any, Tally]:
    found: dict[Any, Tally] = {}
    for row in sums(rows, today, key):
        found.setdefault(row[key], Tally()).add(row)
    return found


def _delays(rows: QuerySet[StatRdv]) -> Counter[int]:
    each = Func(F("delays"), function="unnest", output_field=SmallIntegerField())
    try:
        inner, values = rows.order_by().values_list(each).query.sql_with_params()
    except EmptyResultSet:  # no organisation, or a motif of none
        return Counter()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT d, count(*) FROM ({inner}) AS each(d) GROUP BY d", values)  # noqa: S608
        return Counter(dict(cursor.fetchall()))


def _messages(scope: StatsScope, asked: list[Span]) -> dict[tuple[str, str], int]:
    rows = StatMessage.objects.filter(
        in_spans(asked), organisation__in=scope.organisation_ids
    ).order_by()
    summed = rows.values_list("channel", "result").annotate(n=Sum("messages"))
    return {(channel, result): count for channel, result, count in summed}
