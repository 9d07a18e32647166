"""The lines of the matrix for the logo of a brand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from agents.models import BrandLogo
from tests.factories import BrandFactory
from tests.factories.planning import NOW
from tests.permissions.url_matrix import EVERYBODY, Row
from tests.permissions.url_matrix_territoire import TERRITOIRE_ADMIN
from tests.unit.rules.test_picture import png

if TYPE_CHECKING:
    from tests.cast import Cast

DIGEST = "0123456789abcdef"


def owned(cast: Cast) -> list[Any]:
    return [cast.territoire.uuid, BrandFactory(owner=cast.territoire).uuid]


def logo(cast: Cast) -> list[Any]:
    brand = BrandFactory(owner=cast.territoire)
    BrandLogo.objects.create(
        brand=brand,
        content=png(),
        digest=DIGEST,
        width=20,
        height=16,
        alt_text="Ville",
        updated_at=NOW,
    )
    return [brand.uuid, DIGEST]


def file(_cast: Cast) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("logo.png", png()), "alt_text": "Ville"}


MATRIX: dict[str, Row] = {
    "agents:brand_logo": Row(args=logo, get={200: EVERYBODY}),
    "agents:brand_logo_edit": Row(
        args=owned, get={200: TERRITOIRE_ADMIN}, post={302: TERRITOIRE_ADMIN}, data=file
    ),
    "agents:brand_logo_remove": Row(args=owned, post={302: TERRITOIRE_ADMIN}),
}
