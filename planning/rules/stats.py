"""Arithmetic of the statistics (H02): percentages, medians, and what the public may not count.

Pure: counts in, figures out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Below, a count might point at somebody: the public does not read it.
LEAST_PUBLIC = 11
DAY, WEEK, MONTH = "jour", "semaine", "mois"
MOST_COLUMNS = 62
MOST_YEARS = 5
_MONTHS_OF_A_YEAR = 12


def shares(counts: Sequence[int]) -> list[int]:
    """Return whole percentages that sum to 100 (largest remainder; the first wins a tie).

    All zero when there is nothing to share.
    """
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    parts = [count * 100 // total for count in counts]
    rest = 100 - sum(parts)
    order = sorted(range(len(counts)), key=lambda i: (-(counts[i] * 100 % total), i))
    for index in order[:rest]:
        parts[index] += 1
    return parts


def percentage(part: int, whole: int) -> int | None:
    """Return `part` in % of `whole`, rounded half up; None when there is no whole."""
    return (part * 200 + whole) // (whole * 2) if whole else None


def median(counts: Mapping[int, int]) -> int | None:
    """Return the lower median of a histogram (value -> how many); None when it is empty."""
    half = (sum(counts.values()) + 1) // 2
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if half and seen >= half:
            return value
    return None


@dataclass(frozen=True)
class Span:
    """Days or whole months to add up, both ends included; a month is its first day."""

    is_month: bool
    first: date
    last: date


def spans(first: date, last: date, *, step: str, today: date) -> list[Span]:
    """Return what to add up so that [first, last] is counted once.

    Whole months when the columns are months: far fewer rows. Not that of `today`, whose days are
    past or to come.
    """
    if step != MONTH:
        return [Span(False, first, last)]
    found: list[Span] = []
    day = first
    while day <= last:
        end = next_month(day) - timedelta(days=1)
        is_whole = day.day == 1 and end <= last and (day.year, day.month) != _month(today)
        end = min(end, last)
        before = found[-1] if found else None
        if before and before.is_month == is_whole:
            found[-1] = Span(is_whole, before.first, day if is_whole else end)
        else:
            found.append(Span(is_whole, day, day if is_whole else end))
        day = end + timedelta(days=1)
    return found


def next_month(day: date) -> date:
    """Return the first day of the month after that of `day`."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def months_before(day: date, months: int) -> date:
    """Return the first day of the month that is `months` before that of `day` (negative: after)."""
    index = day.year * _MONTHS_OF_A_YEAR + day.month - 1 - months
    return date(index // _MONTHS_OF_A_YEAR, index % _MONTHS_OF_A_YEAR + 1, 1)


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def usual_step(first: date, last: date) -> str:
    """Return the width of a column that reads well: by day up to a month, by week up to six."""
    days = (last - first).days + 1
    if days <= 31:  # noqa: PLR2004
        return DAY
    return WEEK if days <= 184 else MONTH  # noqa: PLR2004


def column_of(day: date, step: str) -> date:
    """Return the first day of the column that `day` falls in; weeks begin on Mondays."""
    if step == WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step == MONTH else day


def columns(first: date, last: date, step: str) -> list[date]:
    """Return the first day of every column that meets [first, last], in order."""
    found = []
    day = column_of(first, step)
    while day <= last:
        found.append(day)
        day = next_month(day) if step == MONTH else day + timedelta(days=7 if step == WEEK else 1)
    return found


@dataclass(frozen=True)
class PublicCount:
    """What the public reads: a count, or None, and then whether it is a small one.

    The others are kept back only so that the small ones cannot be found by subtraction.
    """

    count: int | None
    is_small: bool = False


def public_counts(counts: Sequence[int]) -> list[PublicCount] | None:
    """Return what may be said of counts whose total is known; None: nothing at all.

    Counts from 1 to 10 are kept back; 0 speaks of nobody. What is kept back together has a sum that
    anybody finds by subtraction: the smallest of the others join it until each small count could
    still be anything from 1 to 10. When all of them are not enough, nothing is published.
    """
    small = [index for index, count in enumerate(counts) if 0 < count < LEAST_PUBLIC]
    if not small:
        return [PublicCount(count) for count in counts]
    others = [index for index, count in enumerate(counts) if count >= LEAST_PUBLIC]
    others.sort(key=lambda index: (counts[index], index))
    kept = list(small)
    while not _is_safe(sum(counts[index] for index in kept), len(small), len(kept) - len(small)):
        if not others:
            return None
        kept.append(others.pop(0))
    return [
        PublicCount(None, is_small=index in small) if index in kept else PublicCount(count)
        for index, count in enumerate(counts)
    ]


def _is_safe(total: int, small: int, joined: int) -> bool:
    """Say whether `total` leaves each small count free from 1 to 10.

    It may be 10 when the other small ones are 1 and the joined ones 11; it may be 1 when one that
    joined takes what is left.
    """
    return joined > 0 and total >= (LEAST_PUBLIC - 1) + (small - 1) + LEAST_PUBLIC * joined
