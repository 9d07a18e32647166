"""The lines of the matrix for the journey in a frame of a town's page."""

from __future__ import annotations

from tests.permissions.url_matrix import EVERYBODY, Row, slug_elsewhere
from tests.permissions.url_matrix_territoire import TERRITOIRE_ADMIN, of_territoire

MATRIX: dict[str, Row] = {
    # As the ordinary journey, of an organisation with nothing to book: nobody is known in a frame.
    "usagers:frame_search": Row(args=slug_elsewhere, get={200: EVERYBODY}),
    "usagers:frame_motif": Row(args=slug_elsewhere, get={200: EVERYBODY}),
    "usagers:frame_lieu": Row(args=slug_elsewhere, get={302: EVERYBODY}),
    "usagers:frame_persons": Row(args=slug_elsewhere, get={302: EVERYBODY}),
    "usagers:frame_workshop": Row(args=slug_elsewhere, get={302: EVERYBODY}),
    "usagers:frame_slot": Row(args=slug_elsewhere, get={404: EVERYBODY}),
    "usagers:booking_resume": Row(args=lambda _: ["forged"], get={404: EVERYBODY}),
    "motifs:territoire_booking_link": Row(args=of_territoire, get={200: TERRITOIRE_ADMIN}),
    "motifs:territoire_booking_qr_svg": Row(args=of_territoire, get={200: TERRITOIRE_ADMIN}),
    "motifs:territoire_booking_qr_png": Row(args=of_territoire, get={200: TERRITOIRE_ADMIN}),
}
