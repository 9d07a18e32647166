"""Runs the cases of `tests/data/slot-cases.json`, or others of the same format.

Each function takes one case as in the file and returns a value equal to its `expected` when right.
"""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from planning.slots.engine import find_slots, next_slot
from planning.slots.holidays import holidays_between
from planning.slots.overlap import overlaps
from planning.slots.recurrence import expand
from planning.slots.types import (
    Absence,
    Audience,
    Busy,
    Frequency,
    Interval,
    Opening,
    Recurrence,
    Schedule,
    Slot,
    SlotRequest,
)

CASES = Path(__file__).parents[2] / "data" / "slot-cases.json"
CANCELLED = {"excused", "revoked"}
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
FREQUENCIES = {"weekly": Frequency.WEEKLY, "monthly": Frequency.MONTHLY_WEEKDAY}


def load(kind: str) -> list[dict]:
    return json.loads(CASES.read_text(encoding="utf-8"))[kind]


def run_slot_case(case: dict) -> list:
    request, agents = _request(case)
    if case["motif"].get("collectif"):
        slots: tuple[Slot, ...] = ()  # workshops are RDVs that exist, never cut out of openings
    elif case["query"].get("mode") == "next":
        slot = next_slot(request)
        slots = (slot,) if slot else ()
    else:
        slots = find_slots(request)
    if request.audience is Audience.USAGER:
        return [slot.start.isoformat() for slot in slots]
    return [{"start": slot.start.isoformat(), "agent": agents[slot.agent]} for slot in slots]


def run_occurrence_case(case: dict) -> list[list[str]]:
    zone = ZoneInfo(case["timezone"])
    window = Interval(_lower(case["from"], zone), _upper(case["to"], zone))
    occurrences = expand(_opening_schedule(case["opening"]), window, zone)
    return [[each.start.isoformat(), each.end.isoformat()] for each in occurrences]


def run_overlap_case(case: dict) -> bool:
    left, right = (_opening_schedule(opening) for opening in case["openings"])
    return overlaps(left, right, datetime.fromisoformat(case["now"]).date())


def _request(case: dict) -> tuple[SlotRequest, list[str]]:
    zone, query, motif = ZoneInfo(case["timezone"]), case["query"], case["motif"]
    rows = case.get("busy") or []
    named = {row["agent"] for row in case["openings"]}.union(*map(_agents_of, rows))
    agents = sorted(named)
    lieux = sorted(
        {row.get("lieu") for row in case["openings"]} - {None} | {query.get("lieu")} - {None}
    )
    audience = Audience(query["audience"])
    now = _instant(case["now"], zone)
    first = _bound(query.get("from"), zone) or now.date()
    last = _bound(query.get("to"), zone)
    request = SlotRequest(
        zone=zone,
        now=now,
        first=first,
        last=last,
        audience=audience,
        motif=1,
        duration=timedelta(minutes=motif["duration_min"]),
        min_delay=timedelta(minutes=motif.get("min_delay_min") or 0),
        max_delay=timedelta(minutes=motif.get("max_delay_min") or 366 * 1440),
        openings=_openings(case, agents, lieux),
        absences=_absences(rows, agents),
        busy=_busy(rows, agents, zone),
        holidays=holidays_between("metropole", *_years(now, first, last)),
        lieu=lieux.index(query["lieu"]) if query.get("lieu") else None,
        agents=_wanted_agents(query, motif, audience, agents),
    )
    return request, agents


def _openings(case: dict, agents: list[str], lieux: list[str]) -> tuple[Opening, ...]:
    return tuple(
        Opening(
            id=number,
            agent=agents.index(row["agent"]),
            schedule=_opening_schedule(row),
            lieu=lieux.index(row["lieu"]) if row.get("lieu") else None,
            order=number,
            motifs=frozenset({1} if case["motif"]["id"] in row["motifs"] else ()),
        )
        for number, row in enumerate(case["openings"])
    )


def _absences(rows: list[dict], agents: list[str]) -> tuple[Absence, ...]:
    return tuple(
        Absence(agents.index(agent), _absence_schedule(row))
        for row in rows
        if row["kind"] == "absence"
        for agent in _agents_of(row)
    )


def _busy(rows: list[dict], agents: list[str], zone: ZoneInfo) -> tuple[Busy, ...]:
    return tuple(
        Busy(
            agents.index(agent),
            Interval(_instant(row["start"], zone), _instant(row["end"], zone)),
        )
        for row in rows
        if row["kind"] != "absence" and row.get("status") not in CANCELLED
        for agent in _agents_of(row)
    )


def _wanted_agents(
    query: dict, motif: dict, audience: Audience, agents: list[str]
) -> frozenset[int] | None:
    """A motif of follow-up shows an usager their referents only; an empty list is nobody."""
    lists = [query["agents"]] if query.get("agents") is not None else []
    if motif.get("follow_up") and audience is Audience.USAGER:
        lists.append(query.get("referents") or [])
    if not lists:
        return None
    wanted = set(lists[0]).intersection(*lists[1:])
    return frozenset(agents.index(agent) for agent in wanted if agent in agents)


def _agents_of(row: dict) -> list[str]:
    return row["agent"] if isinstance(row["agent"], list) else [row["agent"]]


def _years(now: datetime, first: date, last: date | None) -> tuple[date, date]:
    days = [
        bound.date() if isinstance(bound, datetime) else bound
        for bound in (first, last, now)
        if bound
    ]
    return min(days), max(days) + timedelta(days=2 * 366)


def _opening_schedule(row: dict) -> Schedule:
    whole_day = row["end_time"] in {"24:00", "00:00"}
    return Schedule(
        rule=_rule(date.fromisoformat(row["first_day"]), row.get("recurrence")),
        start=time.fromisoformat(row["start_time"]),
        end=time.min if whole_day else time.fromisoformat(row["end_time"]),
        days=int(whole_day),
    )


def _absence_schedule(row: dict) -> Schedule:
    start, end = datetime.fromisoformat(row["start"]), datetime.fromisoformat(row["end"])
    return Schedule(
        rule=_rule(start.date(), row.get("recurrence")),
        start=start.time(),
        end=end.time(),
        days=(end.date() - start.date()).days,
    )


def _rule(first_day: date, recurrence: dict | None) -> Recurrence:
    if not recurrence:
        return Recurrence(first_day)
    until = recurrence.get("until")
    return Recurrence(
        first_day,
        FREQUENCIES[recurrence["freq"]],
        interval=recurrence.get("interval") or 1,
        weekdays=frozenset(WEEKDAYS.index(day) for day in recurrence.get("byday") or ()),
        until=datetime.fromisoformat(until).date() if until else None,
    )


def _instant(text: str, zone: ZoneInfo) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def _bound(text: str | None, zone: ZoneInfo) -> date | None:
    """Read a civil day, or an instant, or nothing."""
    if not text:
        return None
    return _instant(text, zone) if len(text) > len("2025-01-01") else date.fromisoformat(text)


def _lower(text: str, zone: ZoneInfo) -> datetime:
    return _instant(text, zone)


def _upper(text: str, zone: ZoneInfo) -> datetime:
    """A day is included whole, an instant is where the range ends."""
    if len(text) > len("2025-01-01"):
        return _instant(text, zone)
    return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time.min, zone)
