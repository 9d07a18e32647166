"""The lines of the matrix for « Espace admin »: the pages of a whole territoire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.permissions.url_matrix import Row

if TYPE_CHECKING:
    from tests.cast import Cast

TERRITOIRE_ADMIN = "territoire_admin"


def of_territoire(cast: Cast) -> list[Any]:
    return [cast.territoire.uuid]


MATRIX: dict[str, Row] = {
    "agents:territoire_home": Row(args=of_territoire, get={200: TERRITOIRE_ADMIN}),
}
