"""The lines of the matrix for sectors (G15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from agents.models import Sector
from tests.factories import SectorFactory
from tests.permissions.url_matrix import EVERYBODY, Row
from tests.permissions.url_matrix_territoire import TERRITOIRE_ADMIN, of_territoire

if TYPE_CHECKING:
    from tests.cast import Cast


def the_sector(cast: Cast) -> list[Any]:
    known = Sector.objects.filter(territoire=cast.territoire).first()
    sector = known or SectorFactory(territoire=cast.territoire)
    return [cast.territoire.uuid, sector.uuid]


def an_attribution(cast: Cast) -> list[Any]:
    return [*the_sector(cast), UUID(int=0)]


GET = {200: TERRITOIRE_ADMIN}
POST = {302: TERRITOIRE_ADMIN}
TYPED = {"name": "Arras nord", "human_id": "arras-nord"}

MATRIX: dict[str, Row] = {
    "agents:sector_list": Row(args=of_territoire, get=GET),
    "agents:sector_create": Row(args=of_territoire, get=GET, post=POST, data=lambda _: TYPED),
    "agents:sector_detail": Row(args=the_sector, get=GET),
    "agents:sector_edit": Row(args=the_sector, get=GET, post=POST, data=lambda _: TYPED),
    "agents:sector_delete": Row(args=the_sector, get=GET, post=POST),
    "agents:sector_zone_add": Row(
        args=the_sector,
        post=POST,
        data=lambda _: {"city_name": "Arras", "city_code": "62041"},
    ),
    "agents:sector_zones_remove": Row(args=the_sector, post=POST),
    "agents:sector_attribute": Row(args=the_sector, post={422: TERRITOIRE_ADMIN}),
    "agents:sector_attribution_end": Row(args=an_attribution, post=POST),
    "agents:sector_import": Row(args=of_territoire, get=GET, post={422: TERRITOIRE_ADMIN}),
    "agents:sector_export": Row(args=of_territoire, get=GET),
    "motifs:sector_test": Row(args=of_territoire, get=GET, post={422: TERRITOIRE_ADMIN}),
    # Nothing was chosen: back to the rendez-vous.
    "usagers:booking_sector": Row(
        args=lambda cast: [cast.stranger.roles.get().organisation.slug],
        get={302: EVERYBODY},
        post={302: EVERYBODY},
    ),
}
