"""Rows of the slot search, in seven statements at most whatever the size of the territoire.

Plain SQL on purpose: the public page asks for a thousand agents at once, and there the ORM would
spend more time building objects than PostgreSQL finding rows. Nothing else reads tables for slots.
"""

from __future__ import annotations

import json
from array import array
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, compress
from operator import ne
from sys import byteorder
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection
from psycopg import Cursor
from psycopg.pq import Format

from planning.slots.types import Change, Frequency, Recurrence, Schedule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from planning.slots.intervals import Span

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SINCE_1970 = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
_MICRO = 1_000_000

_LONGEST = timedelta(days=1, hours=4)
"""What the rows read by their start may last, pause included."""

DAY_SLACK = timedelta(days=2)
"""Two zones of one agent are less than a day apart, and an occurrence may cross midnight."""


class MotifRow(NamedTuple):
    id: int
    organisation: int
    territoire: int
    zone: str
    holiday_zone: str
    needs_lieu: bool
    duration_minutes: int
    min_delay_minutes: int
    max_delay_minutes: int
    pause_minutes: int
    is_follow_up: bool
    sectorisation: str
    suspended_until: date | None


class PlageRow(NamedTuple):
    """A plage that offers `motif`, at `lieu` (None when the motif needs none).

    `most`: RDVs that one of its occurrences takes; None, as many as there is room for.
    """

    id: int
    agent: int
    lieu: int | None
    motif: int
    organisation: int
    open_on_holidays: bool
    most: int | None
    schedule: Schedule


class AbsenceRow(NamedTuple):
    agent: int
    zone: str
    schedule: Schedule


_MOTIFS = """
SELECT m.id, m.organisation_id, t.id, t.timezone, t.holiday_zone,
       m.location_type = 'sur_place', m.duration_minutes, m.min_delay_minutes, m.max_delay_minutes,
       m.pause_minutes, m.is_follow_up,
       CASE WHEN m.is_follow_up
                 OR NOT EXISTS (SELECT FROM agents_sector s WHERE s.territoire_id = t.id)
            THEN 'departement' ELSE m.sectorisation_level END,
       GREATEST(m.booking_suspended_until, o.booking_suspended_until)
  FROM motifs_motif m
  JOIN agents_organisation o ON o.id = m.organisation_id AND o.archived_at IS NULL
  JOIN agents_territoire t ON t.id = o.territoire_id
 WHERE m.id = ANY(%(motifs)s::bigint[]) AND m.archived_at IS NULL AND NOT m.is_collective
 ORDER BY m.id
"""

# A rule meets the days when its first day and its end do, or when one occurrence was moved there.
# Exceptions are read for the rows found, in the same statement: most rules have none.
_PLAGES = """
WITH found AS MATERIALIZED (
    SELECT p.*, pm.motif_id
      FROM planning_plagemotif pm
      JOIN planning_plageouverture p ON p.id = pm.plage_id
      JOIN agents_agent a ON a.id = p.agent_id AND a.deactivated_at IS NULL
      LEFT JOIN motifs_lieu l ON l.id = p.lieu_id
     WHERE pm.motif_id = ANY(%(motifs)s::bigint[])
       AND (pm.motif_id = ANY(%(without_lieu)s::bigint[])
            OR l.availability = 'open'
               AND (%(lieux)s::bigint[] IS NULL OR l.id = ANY(%(lieux)s::bigint[])))
       AND (%(agents)s::bigint[] IS NULL OR p.agent_id = ANY(%(agents)s::bigint[]))
       AND (%(referents)s::bigint[] IS NULL OR pm.motif_id <> ALL(%(follow_ups)s::bigint[])
            OR p.agent_id = ANY(%(referents)s::bigint[]))
       AND (%(sectors)s::bigint[] IS NULL OR pm.motif_id <> ALL(%(sectorised)s::bigint[])
            OR EXISTS (SELECT FROM agents_attribution x
                        WHERE x.sector_id = ANY(%(sectors)s::bigint[])
                          AND x.organisation_id = p.organisation_id
                          AND x.agent_id IS NOT DISTINCT FROM
                              CASE WHEN pm.motif_id = ANY(%(by_agent)s::bigint[])
                                   THEN p.agent_id END))
       AND (p.first_day <= %(last)s
            AND (CASE WHEN p.frequency = 'none' THEN p.first_day
                      ELSE COALESCE(p.recurrence_ends_on, 'infinity') END) >= %(first)s
            OR EXISTS (SELECT FROM planning_plageexception e
                        WHERE e.plage_id = p.id AND e.new_day BETWEEN %(first)s AND %(last)s))
)
SELECT p.id, p.agent_id, p.lieu_id, p.motif_id, p.organisation_id, p.opens_on_holidays,
       p.max_rdvs_per_day,
       p.first_day, p.start_time, p.end_time, 0, p.frequency, p."interval",
       p.weekdays::text, p.month_rank, p.recurrence_ends_on, exceptions.all
  FROM found p
  LEFT JOIN (SELECT e.plage_id, json_agg(json_build_array(
                        e.day, e.new_day, e.new_start_time, e.new_end_time, 0)
                    ORDER BY e.day)::text AS all
               FROM planning_plageexception e
              WHERE e.plage_id IN (SELECT id FROM found)
              GROUP BY e.plage_id) exceptions ON exceptions.plage_id = p.id
 ORDER BY p.created_at, p.id, p.motif_id
"""

_ABSENCES = """
WITH found AS MATERIALIZED (
    SELECT i.*
      FROM planning_indisponibilite i
     WHERE i.agent_id = ANY(%(agents)s::bigint[])
       AND (i.first_day <= %(last)s
            AND (CASE WHEN i.frequency = 'none' THEN i.end_day
                      ELSE COALESCE(i.recurrence_ends_on + (i.end_day - i.first_day), 'infinity')
                 END) >= %(first)s
            OR EXISTS (SELECT FROM planning_indisponibiliteexception e
                        WHERE e.indisponibilite_id = i.id
                          AND e.new_day <= %(last)s AND e.new_end_day >= %(first)s))
)
SELECT i.agent_id, t.timezone,
       i.first_day, i.start_time, i.end_time, i.end_day - i.first_day, i.frequency, i."interval",
       i.weekdays::text, i.month_rank, i.recurrence_ends_on, exceptions.all
  FROM found i
  JOIN agents_territoire t ON t.id = i.territoire_id
  LEFT JOIN (SELECT e.indisponibilite_id, json_agg(json_build_array(
                        e.day, e.new_day, e.new_start_time, e.new_end_time,
                        e.new_end_day - e.new_day)
                    ORDER BY e.day)::text AS all
               FROM planning_indisponibiliteexception e
              WHERE e.indisponibilite_id IN (SELECT id FROM found)
              GROUP BY e.indisponibilite_id) exceptions ON exceptions.indisponibilite_id = i.id
"""

# One row an agent: instants packed as bytes, which Python reads in one go. Rows that hold time
# count in whichever organisation they are, accepted overlaps included (decision 10), until the
# pause of their motif is over (E15). RDVs of more than a day are looked up apart, so that the index
# need not be read from its start.
_BUSY = """
SELECT agent.id, taken.starts, taken.ends
  FROM unnest(%(agents)s::bigint[]) AS agent (id)
 CROSS JOIN LATERAL (
    SELECT string_agg(timestamptz_send(starts_at), ''::bytea) AS starts,
           string_agg(timestamptz_send(free_at), ''::bytea) AS ends
      FROM (SELECT starts_at, free_at
              FROM planning_agentrdv
             WHERE holds_time AND agent_id = agent.id
               AND starts_at > %(day_before)s AND starts_at < %(until)s AND free_at > %(since)s
             UNION ALL
            SELECT starts_at, free_at
              FROM planning_agentrdv
             WHERE holds_time AND agent_id = agent.id AND ends_at - starts_at >= interval '1 day'
               AND starts_at <= %(day_before)s AND free_at > %(since)s) rdv
    ) taken
 WHERE taken.starts IS NOT NULL
"""
# A RDV that moves does not stand in its own way. Apart: the usual search reads its index only.
_BUSY_BUT_MOVED = _BUSY.replace("holds_time AND", "holds_time AND rdv_id <> %(moved)s AND")

# Decision 19: what other visitors hold is taken, for the public. Few rows, read once a search.
_HELD = """
SELECT agent_id, starts_at, free_at
  FROM planning_slothold
 WHERE expires_at > %(now)s AND holder <> %(holder)s AND agent_id = ANY(%(agents)s::bigint[])
"""


def motif_rows(motif_ids: Iterable[int]) -> list[MotifRow]:
    """Return those that have créneaux: individual, not archived, nor their organisation."""
    return [MotifRow(*row) for row in _rows(_MOTIFS, motifs=_keys(motif_ids))]


def plage_rows(
    motifs: Sequence[MotifRow],
    *,
    agent_ids: frozenset[int] | None,
    lieu_ids: frozenset[int] | None,
    referents: frozenset[int] | None,
    sectors: frozenset[int] | None,
    first: date,
    last: date,
) -> list[PlageRow]:
    """Return what may give slots of these motifs on these civil days, first registered first.

    One row for each of the motifs. Active agents and open lieux only; `lieu_ids` filters the
    motifs that need a lieu, `referents` those of follow-up, `sectors` those that are sectorised.
    """
    without_lieu = {row.id for row in motifs if not row.needs_lieu}
    rows = _rows(
        _PLAGES,
        motifs=_keys(row.id for row in motifs),
        without_lieu=_keys(without_lieu),
        agents=None if agent_ids is None else _keys(agent_ids),
        lieux=None if lieu_ids is None else _keys(lieu_ids),
        referents=None if referents is None else _keys(referents),
        follow_ups=_keys(row.id for row in motifs if row.is_follow_up),
        sectors=None if sectors is None else _keys(sectors),
        sectorised=_keys(row.id for row in motifs if row.sectorisation != "departement"),
        by_agent=_keys(row.id for row in motifs if row.sectorisation == "agent"),
        first=first - DAY_SLACK,
        last=last + DAY_SLACK,
    )
    schedules = _Schedules()
    found: list[PlageRow] = []
    for row in rows:
        plage, agent, lieu, motif, organisation, open_on_holidays, most = row[:7]
        place = None if motif in without_lieu else lieu
        schedule = schedules.of(row[7:])
        found.append(
            PlageRow(plage, agent, place, motif, organisation, open_on_holidays, most, schedule)
        )
    return found


def absence_rows(agent_ids: Iterable[int], *, first: date, last: date) -> list[AbsenceRow]:
    rows = _rows(_ABSENCES, agents=_keys(agent_ids), first=first - DAY_SLACK, last=last + DAY_SLACK)
    schedules = _Schedules()
    return [AbsenceRow(row[0], row[1], schedules.of(row[2:])) for row in rows]


def held_rows(
    agent_ids: Iterable[int], *, holder: str, now: datetime
) -> list[tuple[int, datetime, datetime]]:
    """Return (agent, start, free at) of the live holds that are not `holder`'s (a digest)."""
    return [tuple(row) for row in _rows(_HELD, agents=_keys(agent_ids), holder=holder, now=now)]


def busy_spans(
    agent_ids: Iterable[int],
    since: int,
    until: int,
    *,
    pause: int = 0,
    moved_rdv: int | None = None,
) -> Iterator[tuple[int, list[Span], bytes]]:
    """Yield each agent with the times when RDVs meet `[since, until)`, in seconds since 1970.

    RDVs that follow each other without a pause make one span. `pause` seconds are kept free before
    each, for what is looked for. `moved_rdv` is left out. The bytes hold the start of each RDV:
    see `begin`.
    """
    start = _EPOCH + timedelta(seconds=since)
    params = {
        "agents": _keys(agent_ids),
        "since": start,
        "day_before": start - _LONGEST,
        "until": _EPOCH + timedelta(seconds=until + pause),
    }
    if moved_rdv is None:
        rows = _rows(_BUSY, **params)
    else:
        rows = _rows(_BUSY_BUT_MOVED, moved=moved_rdv, **params)
    down, up = _Seconds(-pause * _MICRO), _Seconds(_MICRO - 1)
    for agent, packed_starts, packed_ends in rows:
        first, last = _joined(_instants(packed_starts), _instants(packed_ends))
        starts, ends = map(down.__getitem__, first), map(up.__getitem__, last)
        yield agent, list(zip(starts, ends, strict=True)), packed_starts


def begin(packed: bytes) -> list[int]:
    """Return when the RDVs of one agent begin, in order, in seconds since 1970."""
    seconds = _Seconds(0)
    return sorted(map(seconds.__getitem__, _instants(packed)))


class _Seconds(dict[int, int]):
    """Seconds since 1970 of microseconds since 2000, each computed once: agents share hours.

    `added` microseconds first: all but one of a second round up, in place of down.
    """

    def __init__(self, added: int) -> None:
        self._added = added

    def __missing__(self, instant: int) -> int:
        seconds = self[instant] = (instant + self._added) // _MICRO + _SINCE_1970
        return seconds


def _joined(starts: array[int], ends: array[int]) -> tuple[Iterator[int], Iterator[int]]:
    """Return the starts and the ends of what remains when what touches is joined."""
    pauses = list(map(ne, starts[1:], ends))  # true after a row that the next one does not follow
    first = chain(starts[:1], compress(starts[1:], pauses))
    last = chain(compress(ends, pauses), ends[-1:])
    return first, last


def _instants(packed: bytes) -> array[int]:
    """Return microseconds since 2000, as PostgreSQL sends its timestamps."""
    values = array("q", packed)
    if byteorder == "little":  # the network's order is big-endian
        values.byteswap()
    return values


def _keys(ids: Iterable[int]) -> str:
    """Write a bigint[]: ten times faster than psycopg's list."""
    return f"{{{','.join(map(str, ids))}}}"


class _Cursor(Cursor[Any]):
    """Says its statement to Django's log, which psycopg forgets to do once it is prepared."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        super().execute(query, params, **options)
        self._query: Any = self._query or SimpleNamespace(query=query.encode())
        return self


def _rows(sql: str, **params: Any) -> list[tuple[Any, ...]]:
    """Run one statement, prepared, answered in the binary format: no text to parse.

    Django's own cursor binds on the client side: PostgreSQL then plans each time, and only answers
    text.
    """
    connection.ensure_connection()
    raw = _Cursor(connection.connection)
    raw.format = Format.BINARY
    wrap: Any = (
        connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    )
    with wrap(raw) as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


class _Schedules:
    """Builds each schedule once: a thousand agents are open from 9 to 12."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Schedule] = {}

    def of(self, columns: tuple[Any, ...]) -> Schedule:
        schedule = self._known.get(columns)
        if schedule is None:
            schedule = self._known[columns] = _schedule(*columns)
        return schedule


def _schedule(
    first_day: date, start: time, end: time, days: int, frequency: str, *rest: Any
) -> Schedule:
    interval, weekdays, rank, until, exceptions = rest
    days_of_week = frozenset(json.loads(f"[{weekdays.strip('{}')}]"))  # PostgreSQL writes {0,1}
    rule = Recurrence(first_day, Frequency(frequency), interval, days_of_week, rank, until)
    excluded, changed = _exceptions(exceptions)
    return Schedule(rule, start, end, days, excluded, changed)


def _exceptions(text: str | None) -> tuple[frozenset[date], tuple[Change, ...]]:
    excluded: set[date] = set()
    changed: list[Change] = []
    for day, new_day, start, end, days in json.loads(text) if text else ():
        if new_day is None:
            excluded.add(date.fromisoformat(day))
            continue
        changed.append(
            Change(
                date.fromisoformat(day),
                date.fromisoformat(new_day),
                time.fromisoformat(start),
                time.fromisoformat(end),
                days,
            )
        )
    return frozenset(excluded), tuple(changed)
