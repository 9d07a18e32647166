"""A naive answer to the same questions, independent in method: it walks days and minutes.

Nothing of the engine is used but its input types. Local time is only ever read from UTC (never the
other way round, where clock changes hide), rules are walked day by day from their first day.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from planning.slots.types import (
    LAST,
    Audience,
    Frequency,
    Interval,
    Opening,
    Recurrence,
    Schedule,
    SlotRequest,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)

Answer = tuple[int, int, int | None, int]
"""Start in minutes since 1970, agent, lieu, opening."""


def minutes_of(instant: datetime) -> int:
    return (instant.astimezone(UTC) - EPOCH) // MINUTE


def walked_days(rule: Recurrence, last: date) -> Iterator[date]:
    """Walk from the first day, counting Mondays and first days of months as they pass."""
    weeks = months = 0
    day = rule.first_day
    weekdays = rule.weekdays or {day.weekday()}
    rank = rule.rank or _rank(day)
    while day <= last and (rule.until is None or day <= rule.until):
        in_week = weeks % rule.interval == 0 and day.weekday() in weekdays
        in_month = months % rule.interval == 0
        hits = {
            Frequency.NONE: day == rule.first_day,
            Frequency.WEEKLY: in_week,
            Frequency.MONTHLY_WEEKDAY: in_month
            and day.weekday() == min(weekdays)
            and (_is_last(day) if rank == LAST else _rank(day) == rank),
            Frequency.MONTHLY_DAY: in_month and day.day == rule.first_day.day,
        }
        if hits[rule.frequency]:
            yield day
        day += DAY
        weeks += day.weekday() == 0
        months += day.day == 1


def _rank(day: date) -> int:
    """Count the same weekdays of the month up to this one."""
    return sum(1 for number in range(1, day.day + 1) if (day.day - number) % 7 == 0)


def _is_last(day: date) -> bool:
    return (day + 7 * DAY).month != day.month


@cache
def clock_face(zone: ZoneInfo, day: date) -> dict[datetime, int]:
    """Return what the local clock shows around `day` → the first minute when it does."""
    midnight = minutes_of(datetime.combine(day, time.min, UTC))
    minutes = range(midnight + 39 * 60, midnight - 15 * 60, -1)
    return {
        (EPOCH + minute * MINUTE).astimezone(zone).replace(tzinfo=None): minute
        for minute in minutes
    }


@cache
def minute_of(zone: ZoneInfo, day: date, at: time) -> int:
    """Return the first minute whose local clock shows (day, at).

    When the clock never shows it, go back to the last shown minute and let the same time pass.
    """
    shown, wanted, missing = clock_face(zone, day), datetime.combine(day, at), 0
    while wanted - missing * MINUTE not in shown:
        missing += 1
    return shown[wanted - missing * MINUTE] + missing


def occurrences(schedule: Schedule, zone: ZoneInfo, last: date) -> list[tuple[date, int, int]]:
    """Return (civil day, first minute, minute after the last) of what begins up to `last`."""
    found = []
    changes = {change.day: change for change in schedule.changed}
    for day in walked_days(schedule.rule, last + 40 * DAY):
        if day in schedule.excluded:
            continue
        if day in changes:
            change = changes[day]
            begins, start, end, days = change.new_day, change.start, change.end, change.days
        else:
            begins, start, end, days = day, schedule.start, schedule.end, schedule.days
        if begins <= last:
            opened = minute_of(zone, begins, start)
            closed = minute_of(zone, begins + days * DAY, end)
            if opened < closed:
                found.append((begins, opened, closed))
    return found


def meeting(schedule: Schedule, window: Interval, zone: ZoneInfo) -> list[tuple[int, int]]:
    """Return the occurrences that hold at least one minute of `window`."""
    wanted = range(minutes_of(window.start), minutes_of(window.end))
    last = window.end.astimezone(zone).date() + DAY
    return sorted(
        (opened, closed)
        for _, opened, closed in occurrences(schedule, zone, last)
        if opened < wanted.stop and closed > wanted.start
    )


class Oracle:
    def __init__(self, request: SlotRequest) -> None:
        self.request = request
        self.zone = request.zone
        self.now = request.now.astimezone(UTC)
        self.last = self._last_day()
        self.busy = self._busy_minutes()

    def slots(self) -> list[Answer]:
        """Return what `find_slots` should, sorted."""
        seen: dict[tuple[int, ...], Answer] = {}
        for opening in self._registered():
            for start in self._starts(opening):
                agent = self.request.audience is Audience.AGENT
                key = (start, opening.agent) if agent else (start,)
                seen.setdefault(key, (start, opening.agent, opening.lieu, opening.id))
        return [seen[key] for key in sorted(seen)]

    def next(self) -> Answer | None:
        """Return the earliest, from the first registered opening."""
        ranks = {opening.id: rank for rank, opening in enumerate(self._registered())}
        return min(self.slots(), key=lambda slot: (slot[0], ranks[slot[3]]), default=None)

    def can_book(self, start: int, opening: Opening) -> bool:
        wanted = set(range(start, start + self.request.duration // MINUTE))
        inside = any(wanted <= set(range(opened, closed)) for opened, closed in self.open(opening))
        return inside and not wanted & self.busy.get(opening.agent, set())

    def _registered(self) -> list[Opening]:
        request = self.request
        wanted = [each for each in request.openings if request.motif in each.motifs]
        if request.lieu is not None:
            wanted = [each for each in wanted if each.lieu == request.lieu]
        if request.agents is not None:
            wanted = [each for each in wanted if each.agent in request.agents]
        return sorted(wanted, key=lambda each: (each.order, each.id))

    def _starts(self, opening: Opening) -> Iterator[int]:
        busy = self.busy.get(opening.agent, set())
        duration = self.request.duration // MINUTE
        for opened, closed in self.open(opening):
            origin: int | None = None
            for minute in range(opened, closed):
                if minute in busy:
                    origin = None
                    continue
                if origin is None:
                    origin = self._not_past(minute)
                on_grid = minute >= origin and (minute - origin) % duration == 0
                room = range(minute, minute + duration)
                if (
                    on_grid
                    and room.stop <= closed
                    and busy.isdisjoint(room)
                    and self._wanted(minute)
                ):
                    yield minute

    def _not_past(self, minute: int) -> int:
        while EPOCH + minute * MINUTE < self.now:
            minute += 5
        return minute

    def _wanted(self, minute: int) -> bool:
        request, moment = self.request, EPOCH + minute * MINUTE
        if request.audience is Audience.USAGER and not (
            self.now + request.min_delay <= moment <= self.now + request.max_delay
        ):
            return False
        day = moment.astimezone(self.zone).date()
        if isinstance(request.first, datetime):
            if moment < request.first:
                return False
        elif day < request.first:
            return False
        if isinstance(request.last, datetime):
            return moment <= request.last
        return day <= self.last

    def open(self, opening: Opening) -> list[tuple[int, int]]:
        return [
            (opened, closed)
            for day, opened, closed in occurrences(opening.schedule, self.zone, self.last + DAY)
            if opening.open_on_holidays or day not in self.request.holidays
        ]

    def _last_day(self) -> date:
        last = self.request.last
        if isinstance(last, datetime):
            return last.astimezone(self.zone).date()
        return last or date(2026, 12, 31)

    def _busy_minutes(self) -> dict[int, set[int]]:
        busy: dict[int, set[int]] = {}
        for each in self.request.busy:
            period = range(minutes_of(each.period.start), minutes_of(each.period.end))
            busy.setdefault(each.agent, set()).update(period)
        for absence in self.request.absences:
            for _, opened, closed in occurrences(absence.schedule, self.zone, self.last + DAY):
                busy.setdefault(absence.agent, set()).update(range(opened, closed))
        return busy
