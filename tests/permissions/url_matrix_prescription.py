"""The lines of the matrix for who sends somebody: prescripteurs, agents to another organisation."""

from __future__ import annotations

from uuid import uuid4

from tests.permissions.url_matrix import (
    EVERYBODY,
    OF_ORGANISATION,
    Row,
    of_organisation,
    slug_elsewhere,
)

MATRIX: dict[str, Row] = {
    # The public journey: without a date, back to the choice; who one is comes before the rest.
    "usagers:booking_prescripteur": Row(
        args=slug_elsewhere, get={302: EVERYBODY}, post={302: EVERYBODY}
    ),
    "usagers:booking_code": Row(args=slug_elsewhere, get={404: EVERYBODY}, post={404: EVERYBODY}),
    "usagers:booking_beneficiaire": Row(
        args=slug_elsewhere, get={404: EVERYBODY}, post={404: EVERYBODY}
    ),
    # Only the browser that booked.
    "usagers:prescription_done": Row(args=lambda _: [uuid4()], get={404: EVERYBODY}),
    # Agents: without a place nor a date, back to the search.
    "planning:prescription_search": Row(args=of_organisation, get={200: OF_ORGANISATION}),
    "planning:prescription_address": Row(
        args=of_organisation, get={200: OF_ORGANISATION}, post={422: OF_ORGANISATION}
    ),
    "planning:prescription_list": Row(args=of_organisation, get={200: OF_ORGANISATION}),
    "planning:prescription_usager": Row(
        args=of_organisation, get={302: OF_ORGANISATION}, post={302: OF_ORGANISATION}
    ),
    "planning:prescription_usager_new": Row(
        args=of_organisation, get={302: OF_ORGANISATION}, post={302: OF_ORGANISATION}
    ),
    "planning:prescription_confirm": Row(
        args=of_organisation, get={302: OF_ORGANISATION}, post={302: OF_ORGANISATION}
    ),
}
