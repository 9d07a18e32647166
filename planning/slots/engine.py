"""Créneaux of a motif: openings minus busy time, cut by the duration (decisions 4, 17, 18)."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from planning.slots.civil import CivilClock, seconds_from, seconds_until
from planning.slots.core import (
    Found,
    Job,
    Window,
    able,
    earliest,
    list_per_agent,
    list_per_start,
)
from planning.slots.intervals import Bounds, Span, Timeline, merge
from planning.slots.types import Audience, Opening, Slot, SlotRequest

AGENT_HORIZON_MONTHS = 6
"""How far « next availability » looks for an agent; for an usager it is the maximum delay."""

CONFIRMATION_TOLERANCE = timedelta(minutes=30)
"""How long verifying an e-mail may take without the minimum delay running (decision 18)."""

CHUNK = 14 * 86_400
"""Seconds expanded at once while looking for the next availability."""


def find_slots(request: SlotRequest) -> tuple[Slot, ...]:
    """Return the slots of `request`, sorted by start, then agent.

    For an agent: one per (start, agent). For an usager: one per start, that of the first registered
    opening.
    """
    clock = CivilClock(request.zone)
    bounds = search_bounds(request, clock)
    if bounds.lower > bounds.upper:
        return ()
    window = Window(clock, bounds.lower, bounds.upper, request.holidays)
    openings = registered(request)
    if request.audience is Audience.AGENT:
        jobs = _jobs(sorted(openings, key=lambda opening: opening.agent), window)
        found = list_per_agent(jobs, _timelines(request, window), bounds, clock)
    else:
        jobs = _jobs(openings, window)
        found = list_per_start(jobs, _timelines(request, window), bounds, clock)
    return tuple(_slot(entry, request) for entry in found)


def next_slot(request: SlotRequest) -> Slot | None:
    """Return the earliest slot of `request`, from the first registered opening, or None.

    Walks fortnight by fortnight and stops at the first hit, so that a distant `last` costs nothing.
    """
    clock = CivilClock(request.zone)
    bounds = search_bounds(request, clock)
    openings = registered(request)
    for lower in range(bounds.lower, bounds.upper + 1, CHUNK):
        part = bounds._replace(lower=lower, upper=min(bounds.upper, lower + CHUNK - 1))
        window = Window(clock, part.lower, part.upper, request.holidays)
        hit = earliest(_jobs(openings, window), _timelines(request, window), part)
        if hit:
            start, job = hit
            return _slot((clock.local(start), job.agent, job.lieu, job.opening), request)
    return None


def bookable_slots(
    request: SlotRequest, start: datetime, *, chosen_at: datetime | None = None
) -> tuple[Slot, ...]:
    """Return who can still take `start`, in order of registration, one slot an agent (decision 18).

    The time must lie inside an opening, free and within the delays; it need not stand on the grid,
    which may have moved on, and `first` and `last` are not looked at. `chosen_at` is when the
    visitor chose: the minimum delay counts from it, at most 30 minutes back.
    """
    clock = CivilClock(request.zone)
    moment, end = seconds_from(start), seconds_from(start) + _seconds(request.duration)
    if not within_delays(request, start, chosen_at):
        return ()
    window = Window(clock, moment, moment, request.holidays)
    jobs = _jobs(registered(request), window)
    return tuple(
        _slot((clock.local(moment), job.agent, job.lieu, job.opening), request)
        for job in able(jobs, _timelines(request, window), moment, end)
    )


def search_bounds(request: SlotRequest, clock: CivilClock) -> Bounds:
    """Return what `request` asks of a start; an empty range has `lower` > `upper`."""
    lower = _lower(request.first, clock)
    upper = _upper(request.last, clock) if request.last else None
    if request.audience is Audience.USAGER:
        lower = max(lower, seconds_from(_after(request.now, request.min_delay)))
        latest = seconds_until(_after(request.now, request.max_delay))
        upper = latest if upper is None else min(upper, latest)
    if upper is None:
        upper = _upper(add_months(_civil_day(request.first, clock), AGENT_HORIZON_MONTHS), clock)
    return Bounds(_seconds(request.duration), seconds_from(request.now), lower, upper)


def registered(request: SlotRequest) -> list[Opening]:
    """Return the openings that `request` may use, first registered first."""
    wanted = [
        opening
        for opening in request.openings
        if request.motif in opening.motifs
        and (request.lieu is None or opening.lieu == request.lieu)
        and (request.agents is None or opening.agent in request.agents)
    ]
    return sorted(wanted, key=lambda opening: (opening.order, opening.id))


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def within_delays(request: SlotRequest, start: datetime, chosen_at: datetime | None) -> bool:
    now = seconds_from(request.now)
    moment = seconds_from(start)
    if moment < now:
        return False
    if request.audience is Audience.AGENT:
        return True
    chosen = now if chosen_at is None else min(now, seconds_from(chosen_at))
    counted_from = max(chosen, now - _seconds(CONFIRMATION_TOLERANCE))
    earliest_allowed = counted_from + _seconds(request.min_delay)
    return earliest_allowed <= moment <= seconds_until(_after(request.now, request.max_delay))


def _jobs(openings: Iterable[Opening], window: Window) -> list[Job]:
    return [
        Job(
            opening.agent,
            opening.lieu,
            opening.id,
            window.openings(opening.schedule, open_on_holidays=opening.open_on_holidays),
        )
        for opening in openings
    ]


def _timelines(request: SlotRequest, window: Window) -> dict[int, Timeline]:
    """Merge what is busy, agent by agent."""
    spans: defaultdict[int, list[Span]] = defaultdict(list)
    for busy in request.busy:
        period = busy.period
        spans[busy.agent].append((seconds_until(period.start), seconds_from(period.end)))
    for absence in request.absences:
        spans[absence.agent] += window.absences(absence.schedule)
    return {agent: merge(taken) for agent, taken in spans.items()}


def _slot(found: Found, request: SlotRequest) -> Slot:
    start, agent, lieu, opening = found
    end = _after(start, request.duration).astimezone(request.zone)
    return Slot(start, end, agent, lieu, opening)


def _seconds(duration: timedelta) -> int:
    """Count whole seconds, rounded up."""
    return -(-duration // timedelta(seconds=1))


def _after(instant: datetime, delay: timedelta) -> datetime:
    """Add real time: adding to a local datetime would add wall-clock time."""
    return instant.astimezone(UTC) + delay


def _civil_day(bound: date, clock: CivilClock) -> date:
    return bound.astimezone(clock.zone).date() if isinstance(bound, datetime) else bound


def _lower(bound: date, clock: CivilClock) -> int:
    if isinstance(bound, datetime):
        return seconds_from(bound)
    return clock.instant(bound.toordinal(), time.min)


def _upper(bound: date, clock: CivilClock) -> int:
    if isinstance(bound, datetime):
        return seconds_until(bound)
    return clock.instant(bound.toordinal() + 1, time.min) - 1
