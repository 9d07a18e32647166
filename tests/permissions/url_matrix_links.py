"""The lines of the matrix for the agent's calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agents.queries.webcal import webcal_key
from tests.permissions.url_matrix import (
    AGENTS,
    EVERYBODY,
    OF_ORGANISATION,
    USAGERS,
    Row,
    of_organisation,
)

if TYPE_CHECKING:
    from tests.cast import Cast


def the_feed(cast: Cast) -> list[Any]:
    cast.owner.webcal_salt = "sel"
    cast.owner.save()
    return [webcal_key(cast.owner)]


MATRIX: dict[str, Row] = {
    "motifs:booking_qr_png": Row(args=of_organisation, get={200: OF_ORGANISATION}),
    # Whoever holds the address: calendars do not sign in.
    "planning:webcal_feed": Row(args=the_feed, get={200: EVERYBODY}),
    "agents:webcal": Row(get={200: AGENTS, 403: USAGERS}, post={302: AGENTS, 403: USAGERS}),
    # Without address there is nothing to ask: back to the page.
    "agents:webcal_renew": Row(get={302: AGENTS, 403: USAGERS}, post={302: AGENTS, 403: USAGERS}),
    "agents:webcal_remove": Row(get={302: AGENTS, 403: USAGERS}, post={302: AGENTS, 403: USAGERS}),
}
