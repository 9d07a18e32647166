"""E07, planning §5: seats of a workshop."""

from __future__ import annotations

import pytest

from planning.slots.seats import Seats


@pytest.mark.parametrize(
    ("total", "taken", "left", "is_full", "is_overbooked"),
    [
        (None, 40, None, False, False),
        (3, 0, 3, False, False),
        (3, 2, 1, False, False),
        (3, 3, 0, True, False),
        (3, 5, 0, True, True),
    ],
)
def test_E07_seats_left(total, taken, left, is_full, is_overbooked):
    seats = Seats(total, taken)
    assert (seats.left, seats.is_full, seats.is_overbooked) == (left, is_full, is_overbooked)


def test_E07_who_still_fits():
    assert Seats(3, 1).holds(2)
    assert not Seats(3, 1).holds(3)
    assert not Seats(3, 5).holds(1)
    assert Seats(None, 1000).holds(1000)
