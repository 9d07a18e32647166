"""The lines of the matrix for the statistics (H02; rows 24 to 26 of the specification)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.permissions.url_matrix import (
    AGENTS,
    EVERYBODY,
    OF_ORGANISATION,
    Row,
    of_organisation,
)
from tests.permissions.url_matrix_territoire import TERRITOIRE_ADMIN, of_territoire

if TYPE_CHECKING:
    from tests.cast import Cast


def slug_of_territoire(cast: Cast) -> list[Any]:
    return [cast.territoire.slug]


MATRIX: dict[str, Row] = {
    # Whoever works there; which RDVs count is in tests/integration/planning/test_stats.py.
    "planning:stats_organisation": Row(args=of_organisation, get={200: OF_ORGANISATION}),
    "planning:stats_own": Row(get={200: AGENTS}),
    "planning:stats_territoire": Row(args=of_territoire, get={200: TERRITOIRE_ADMIN}),
    "planning:stats_public": Row(get={200: EVERYBODY}),
    "planning:stats_public_territoire": Row(args=slug_of_territoire, get={200: EVERYBODY}),
}
