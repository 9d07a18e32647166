"""The lines of the matrix for the waiting list."""

from __future__ import annotations

from tests.permissions.url_matrix import EVERYBODY, Row, slug_elsewhere, the_rdv

MATRIX: dict[str, Row] = {
    # Nothing to book there, nobody began anything: the same for everybody.
    "usagers:booking_waiting": Row(
        args=slug_elsewhere, get={404: EVERYBODY}, post={404: EVERYBODY}
    ),
    "usagers:waiting_list_code": Row(get={404: EVERYBODY}, post={404: EVERYBODY}),
    "usagers:waiting_list_joined": Row(get={200: EVERYBODY}),
    "usagers:waiting_list_offer": Row(
        args=lambda _: ["unknown"], get={404: EVERYBODY}, post={404: EVERYBODY}
    ),
    "usagers:waiting_list_remove": Row(
        args=lambda _: ["unknown"], get={404: EVERYBODY}, post={404: EVERYBODY}
    ),
    # One's family's RDV only; the link of a message opens nothing before its letters.
    "usagers:rdv_waiting_list": Row(
        args=the_rdv, post={302: "usager"}, data=lambda _: {"waiting": "on"}
    ),
    "usagers:token_waiting_list": Row(post={302: EVERYBODY}, data=lambda _: {"waiting": "on"}),
}
