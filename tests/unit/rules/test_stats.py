"""H02: percentages sum to 100, days are counted once, and the public finds no small count."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.rules import stats, stats_chart

COUNTS = st.lists(st.integers(0, 5000), max_size=12)
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@given(COUNTS)
def test_H02_shares_sum_to_100_and_stay_within_one_of_the_truth(counts):
    parts = stats.shares(counts)
    assert sum(parts) == (100 if sum(counts) else 0)
    for count, part in zip(counts, parts, strict=True):
        assert not sum(counts) or abs(count * 100 / sum(counts) - part) < 1


@pytest.mark.parametrize(
    ("counts", "parts"),
    [([1, 1, 1], [34, 33, 33]), ([0, 0], [0, 0]), ([], []), ([2, 1], [67, 33]), ([7], [100])],
)
def test_H02_the_largest_remainder_wins(counts, parts):
    assert stats.shares(counts) == parts


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(1, 3, 33), (1, 8, 13), (0, 5, 0), (5, 5, 100), (0, 0, None)]
)
def test_H02_a_rate_without_anybody_is_no_rate(part, whole, said):
    assert stats.percentage(part, whole) == said


@given(st.lists(st.integers(0, 40), max_size=30))
def test_H02_the_median_is_that_of_the_list(delays):
    expected = sorted(delays)[(len(delays) - 1) // 2] if delays else None
    assert stats.median(Counter(delays)) == expected


@given(DAYS, st.integers(0, 800), DAYS, st.sampled_from([stats.DAY, stats.WEEK, stats.MONTH]))
def test_H02_each_day_is_added_up_once(first, length, today, step):
    last = first + timedelta(days=length)
    seen = []
    for span in stats.spans(first, last, step=step, today=today):
        day = span.first
        while day <= span.last:
            end = stats.next_month(day) if span.is_month else day + timedelta(days=1)
            if span.is_month:
                assert step == stats.MONTH
                assert not day <= today < end
            while day < end:
                seen.append(day)
                day += timedelta(days=1)
    assert seen == [first + timedelta(days=n) for n in range(length + 1)]


@given(DAYS, st.integers(0, 800), st.sampled_from([stats.DAY, stats.WEEK, stats.MONTH]))
def test_H02_each_day_falls_in_one_column(first, length, step):
    days = [first + timedelta(days=n) for n in range(length + 1)]
    assert list(dict.fromkeys(stats.column_of(day, step) for day in days)) == stats.columns(
        first, days[-1], step
    )


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_H02_a_small_count_may_still_be_anything_from_1_to_10(counts):
    """What an attacker knows: the total, what is printed, and which counts are small."""
    shown = stats.public_counts(counts)
    if shown is None:
        return
    for count, one in zip(counts, shown, strict=True):
        assert one.count in (None, count)
        assert one.is_small == (0 < count < 11)
        assert (one.count is None) or not one.is_small
    hidden = sum(counts) - sum(one.count or 0 for one in shown)
    small = sum(one.is_small for one in shown)
    joined = sum(one.count is None for one in shown) - small
    if small:
        assert joined
        for said in range(1, 11):
            least = said + (small - 1) + 11 * joined
            assert least <= hidden


def test_H02_nothing_is_published_where_all_would_be_found():
    assert stats.public_counts([5, 4]) is None
    assert stats.public_counts([12, 3]) is None
    assert stats.public_counts([0, 0]) == [stats.PublicCount(0)] * 2
    shown = stats.public_counts([40, 3, 30, 0])
    assert [one.count for one in shown] == [40, None, None, 0]


@given(st.integers(0, 2_000_000))
def test_H02_four_steps_of_the_axis_reach_the_highest_column(highest):
    step = stats_chart.tick_step(highest)
    assert step * 4 >= highest
    assert str(step).rstrip("0") in ("1", "2", "5")
    assert highest <= 4 or step * 4 < highest * 3


def test_H02_columns_share_a_scale_and_their_parts_lie_upon_each_other():
    series = [
        stats_chart.Series(label=f"{n}", title="", parts=[("seen", n), ("noshow", 8 - n)])
        for n in range(9)
    ]
    chart = stats_chart.stacked_columns(series)
    assert [tick.count for tick in chart.ticks] == [0, 2, 4, 6, 8]
    assert {len(column.parts) for column in chart.columns} == {1, 2}
    for column in chart.columns:
        assert float(column.parts[-1].y) == pytest.approx(16)
        heights = sum(float(part.height) for part in column.parts)
        assert heights == pytest.approx(264, abs=0.2)
        assert (column.total, float(column.total_y)) == (8, pytest.approx(12))
    numbers = [column.x for column in chart.columns] + [tick.y for tick in chart.ticks]
    assert not any("," in number for number in numbers)


def test_H02_labels_of_the_axis_never_touch():
    series = [stats_chart.Series("1 janv.", "", [("all", 1)]) for _ in range(62)]
    chart = stats_chart.stacked_columns(series)
    places = [float(column.middle) for column in chart.columns if column.label]
    assert all(b - a >= 76 for a, b in itertools.pairwise(places))
    assert {column.total for column in chart.columns} == {None}
