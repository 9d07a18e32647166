"""Random agendas, gathered around clock changes, holidays and now, where mistakes live."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from planning.slots.recurrence import days_between
from planning.slots.types import (
    LAST,
    Absence,
    Audience,
    Busy,
    Change,
    Frequency,
    Interval,
    Opening,
    Recurrence,
    Schedule,
    SlotRequest,
)

DAY = timedelta(days=1)

# zone → days near which its clocks change (Santiago changes at midnight, Lord Howe by half an hour)
ZONES = {
    "Europe/Paris": [date(2025, 3, 30), date(2025, 10, 26)],
    "Indian/Reunion": [date(2025, 7, 14)],
    "America/Guadeloupe": [date(2025, 7, 14)],
    "America/Miquelon": [date(2025, 3, 9), date(2025, 11, 2)],
    "America/Santiago": [date(2025, 4, 6), date(2025, 9, 7)],
    "Australia/Lord_Howe": [date(2025, 4, 6), date(2025, 10, 5)],
}


WEEKDAY_SETS = [
    frozenset(days) for days in ([], [0, 1, 2, 3, 4], range(7), [6], [0, 3], [5, 6], [2], [6, 0, 1])
]


def days_near(day: date, before: int = 10, after: int = 10) -> st.SearchStrategy[date]:
    return st.integers(-before, after).map(lambda shift: day + timedelta(days=shift))


times = st.integers(0, 24 * 12 - 1).map(lambda five: time(five // 12, five % 12 * 5))
hours = st.tuples(times, times).filter(lambda pair: pair[0] < pair[1])


@st.composite
def rules(draw, day: date) -> Recurrence:
    first_day = draw(days_near(day) | days_near(day, 70, -20))
    frequency = draw(st.sampled_from([*Frequency, Frequency.WEEKLY, Frequency.WEEKLY]))
    rank = st.none() | st.sampled_from([LAST, 1, 2, 3, 4, 5])
    return Recurrence(
        first_day,
        frequency,
        interval=draw(st.sampled_from([1, 1, 1, 2, 3])),
        weekdays=draw(st.sampled_from(WEEKDAY_SETS)),
        rank=draw(rank) if frequency is Frequency.MONTHLY_WEEKDAY else None,
        until=draw(st.none() | st.none() | days_near(day, 5, 15)),
    )


@st.composite
def schedules(draw, day: date, longest: int = 0) -> Schedule:
    """Hours of one day, or, up to `longest` midnights later, hours that may cross midnight."""

    def span() -> tuple[time, time, int]:
        start, end = draw(hours)
        days = draw(st.integers(0, longest))
        return (end, start, days) if days and draw(st.booleans()) else (start, end, days)

    start, end, days = span()
    rule = draw(rules(day))
    excluded, changed = frozenset(), list[Change]()
    if draw(st.booleans()):
        excluded = draw(st.frozensets(days_near(day), max_size=2))
        originals = st.sampled_from(days_between(rule, day - 10 * DAY, day + 10 * DAY) or [day])
        changed = [
            Change(original, draw(days_near(day, 6, 6)), *span())
            for original in sorted({draw(originals), draw(days_near(day))})
        ]
    return Schedule(
        rule,
        start,
        end,
        days,
        excluded=excluded,
        changed=tuple(changed),
    )


@st.composite
def instants(draw, day: date, step: int = 60) -> datetime:
    """Whole minutes, or seconds, around midnight UTC of `day`."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    reach = 6 * 86_400 // step
    return start + timedelta(seconds=step * draw(st.integers(-reach, reach)))


def _openings(day: date, agents: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(
        st.builds(
            Opening,
            id=st.just(0),
            agent=agents,
            schedule=schedules(day),
            lieu=st.sampled_from([1, 1, 2, None]),
            order=st.integers(0, 2),
            motifs=st.sampled_from([frozenset({1})] * 4 + [frozenset({1, 2}), frozenset({2})]),
            open_on_holidays=st.booleans(),
        ),
        min_size=1,
        max_size=3,
    )


@st.composite
def requests(draw) -> SlotRequest:
    name = draw(st.sampled_from(sorted(ZONES)))
    zone, day = ZoneInfo(name), draw(st.sampled_from(ZONES[name]))
    agents = st.integers(1, 3)
    openings = draw(_openings(day, agents))
    numbered = draw(st.permutations(range(len(openings))))
    first = draw(days_near(day, 4, 1))
    last = first + timedelta(days=draw(st.sampled_from([7, 10, 4, 1, 0, -1])))
    return SlotRequest(
        zone=zone,
        now=draw(instants(day - 6 * DAY, step=draw(st.sampled_from([1, 60, 300])))),
        first=draw(instants(first)).astimezone(zone) if draw(st.booleans()) else first,
        last=draw(instants(last)) if draw(st.booleans()) else last,
        audience=draw(st.sampled_from(Audience)),
        motif=1,
        duration=timedelta(minutes=draw(st.sampled_from([5, 15, 20, 30, 45, 60, 7, 240]))),
        min_delay=timedelta(minutes=draw(st.sampled_from([0, 30, 1440, 3001, 6001]))),
        max_delay=timedelta(minutes=draw(st.sampled_from([6002, 12_000, 20_000, 40_000]))),
        openings=tuple(
            replace(each, id=number) for number, each in zip(numbered, openings, strict=True)
        ),
        absences=tuple(draw(st.lists(st.builds(Absence, agents, schedules(day, 3)), max_size=2))),
        busy=tuple(draw(st.lists(busy_periods(day), max_size=5))),
        holidays=draw(st.frozensets(days_near(day, 5, 5), max_size=2)),
        lieu=draw(st.sampled_from([None, None, None, 1])),
        agents=draw(st.sampled_from([None] * 6 + [frozenset({1, 2}), frozenset()])),
    )


@st.composite
def busy_periods(draw, day: date) -> Busy:
    start = draw(instants(day))
    length = timedelta(minutes=draw(st.sampled_from([5, 30, 37, 60, 180, 2000])))
    return Busy(draw(st.integers(1, 3)), Interval(start, start + length))
