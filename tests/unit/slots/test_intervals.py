"""Integer periods against sets of integers."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from planning.slots.intervals import (
    FREE,
    Bounds,
    earliest_start,
    first_start,
    free_starts,
    is_free,
    merge,
    not_full,
)

spans = st.tuples(st.integers(0, 120), st.integers(1, 40)).map(lambda pair: (pair[0], sum(pair)))
bounds = st.builds(
    Bounds, st.integers(1, 30), st.integers(-10, 130), st.integers(-10, 130), st.integers(-10, 180)
)


def points(periods) -> set[int]:
    return {point for start, end in periods for point in range(start, end)}


@given(st.lists(spans))
def test_merging_keeps_every_point_in_the_fewest_periods(periods):
    starts, ends = merge(periods)
    merged = list(zip(starts[:-1], ends[:-1], strict=True))
    assert points(merged) == points(periods)
    assert all(before[1] < after[0] for before, after in pairwise(merged))
    assert merge(merged) == (starts, ends)


@given(st.lists(spans), spans)
def test_free_means_no_point_in_common(busy, wanted):
    assert is_free(*wanted, merge(busy)) is not bool(points(busy) & points([wanted]))


@given(st.lists(spans, max_size=4), st.lists(spans), bounds)
def test_starts_are_inside_free_and_within_bounds(openings, busy, asked):
    for start in free_starts(openings, merge(busy), asked):
        wanted = points([(start, start + asked.duration)])
        assert any(wanted <= points([opening]) for opening in openings)
        assert not wanted & points(busy)
        assert max(asked.now, asked.lower) <= start <= asked.upper


@given(st.lists(spans, max_size=4).map(sorted), st.lists(spans), bounds)
def test_the_earliest_start_is_the_smallest(openings, busy, asked):
    starts = free_starts(openings, merge(busy), asked)
    assert earliest_start(openings, merge(busy), asked) == min(starts, default=None)


def test_touching_periods_become_one():
    starts, ends = merge([(20, 30), (0, 10), (10, 20), (40, 50), (42, 45)])
    assert (starts[:-1], ends[:-1]) == ([0, 40], [30, 50])


def test_an_agent_without_anything_is_free():
    assert is_free(0, 10**12, FREE)
    assert free_starts([(0, 3600)], FREE, Bounds(1800, 0, 0, 10**12)) == [0, 1800]


def test_the_grid_moves_by_five_minutes_and_is_filtered_by_whole_durations():
    assert first_start(0, Bounds(1200, 301, 0, 10**6)) == 600
    assert first_start(0, Bounds(1200, 300, 0, 10**6)) == 300
    assert first_start(0, Bounds(1200, 300, 301, 10**6)) == 1500
    assert first_start(0, Bounds(1200, 0, 1200, 10**6)) == 1200


def test_E15_an_occurrence_that_took_its_rdvs_is_left_out():
    spans, starts = [(0, 10), (20, 30), (40, 50)], [0, 9, 10, 25, 50]
    assert not_full(spans, starts, 1) == [(40, 50)]
    assert not_full(spans, starts, 2) == [(20, 30), (40, 50)]
    assert not_full(spans, [], 1) == spans
