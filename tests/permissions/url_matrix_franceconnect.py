"""The lines of the matrix for FranceConnect: switched off here, as on a site that has no keys."""

from __future__ import annotations

from tests.permissions.url_matrix import EVERYBODY, Row

MATRIX: dict[str, Row] = {
    "franceconnect_login": Row(post={404: EVERYBODY}),
    "franceconnect_callback": Row(get={404: EVERYBODY}),
    "franceconnect_leave": Row(get={302: EVERYBODY}),
    "franceconnect_signed_out": Row(get={302: EVERYBODY}),
    # Nobody brought an identity: there is nothing to prove.
    "usagers:franceconnect_address": Row(get={404: EVERYBODY}, post={404: EVERYBODY}),
    "usagers:franceconnect_confirm": Row(
        args=lambda _: ["unknown"], get={404: EVERYBODY}, post={404: EVERYBODY}
    ),
}
