"""Arithmetic on periods as plain integers: seconds since 1970 in UTC, half-open.

This is the hot part of a search: a territoire's week walks 10,000 occurrences and gives 43,200
starts.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from sys import maxsize
from typing import NamedTuple

Span = tuple[int, int]

NOW_STEP = 300
"""Seconds. When a free period began before now, its first start moves by such steps."""


class Timeline(NamedTuple):
    """Busy periods of one agent, merged and in order, as two lists of equal length.

    A last period beyond any date spares the walker a bounds check.
    """

    starts: list[int]
    ends: list[int]


class Bounds(NamedTuple):
    """What a start must obey, in seconds: `lower` and `upper` are both allowed starts."""

    duration: int
    now: int
    lower: int
    upper: int


FREE = Timeline([maxsize], [maxsize])


def merge(spans: Iterable[Span]) -> Timeline:
    """Return the union of `spans`, which may overlap, touch, repeat and come in any order."""
    starts: list[int] = []
    ends: list[int] = []
    reached = -maxsize
    for start, end in sorted(spans):
        if start > reached:
            starts.append(start)
            ends.append(end)
            reached = end
        elif end > reached:
            ends[-1] = reached = end
    starts.append(maxsize)
    ends.append(maxsize)
    return Timeline(starts, ends)


def is_free(start: int, end: int, busy: Timeline) -> bool:
    """Say whether `[start, end)` meets nothing busy; touching is not meeting."""
    return busy.starts[bisect_right(busy.ends, start)] >= end


def first_start(origin: int, bounds: Bounds) -> int:
    """Return the first allowed start of a free period that begins at `origin`.

    The grid restarts from now by steps of five minutes counted from `origin`; the lower bound only
    filters it, by whole durations.
    """
    if origin < bounds.now:
        origin += -(-(bounds.now - origin) // NOW_STEP) * NOW_STEP
    if origin < bounds.lower:
        origin += -(-(bounds.lower - origin) // bounds.duration) * bounds.duration
    return origin


def free_starts(spans: Sequence[Span], busy: Timeline, bounds: Bounds) -> list[int]:
    """Return every start offered by the occurrences `spans` of one opening, span after span.

    In order when the spans are in order and do not overlap.
    """
    duration, now, lower, upper = bounds
    filtered_before = max(now, lower)
    after_last = upper + 1
    starts, ends = busy
    found: list[int] = []
    for opened, closed in spans:
        free_from = opened
        index = bisect_right(ends, opened)
        while free_from < closed:
            free_until = starts[index]
            if free_until > closed:  # noqa: PLR1730 - min() doubles the time of this loop
                free_until = closed
            stop = free_until - duration + 1
            if stop > free_from:
                if free_from < filtered_before:
                    free_from = first_start(free_from, bounds)
                found += range(free_from, min(stop, after_last), duration)
            free_from = ends[index]
            index += 1
    return found


def earliest_start(spans: Sequence[Span], busy: Timeline, bounds: Bounds) -> int | None:
    """Return the earliest of `free_starts`, walking ordered `spans` no further than needed.

    A start belongs to its span, so that later spans are looked at only while they could do better:
    overlapping spans (a moved occurrence) are allowed.
    """
    best: int | None = None
    starts, ends = busy
    for span in spans:
        opened, closed = span
        if opened > bounds.upper:
            break
        index = bisect_right(ends, opened)
        if starts[index] <= opened and ends[index] >= closed:
            continue  # full from end to end, as most are on a busy agenda
        found = free_starts((span,), busy, bounds)
        if found:
            best = found[0]
            bounds = bounds._replace(upper=best - 1)
    return best


def not_full(spans: Sequence[Span], starts: Sequence[int], most: int) -> list[Span]:
    """Return the occurrences in which fewer than `most` of the sorted `starts` lie."""
    return [
        span for span in spans if bisect_left(starts, span[1]) - bisect_left(starts, span[0]) < most
    ]
