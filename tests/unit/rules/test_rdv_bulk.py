"""E10: which lines of an action are done together."""

import pytest

from planning.rules.rdv_bulk import families

A, B, C = "ABC"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], []),
        ([(1, ""), (2, "")], [[1], [2]]),  # nobody is told: alone
        ([(1, A), (2, B), (3, A)], [[1, 3], [2]]),
        ([(1, A), (2, B), (3, A + B)], [[1, 2, 3]]),  # the last one joins the first two
        ([(1, A), (2, B), (3, B + C), (4, C), (5, A)], [[1, 5], [2, 3, 4]]),
        ([(3, A), (1, A)], [[1, 3]]),
    ],
)
def test_E10_families_share_nobody(lines, expected):
    assert families(lines) == expected
