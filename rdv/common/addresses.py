"""The national address service: what somebody typed, as a commune and a street (docs/adr/0020).

What was typed is a personal data: it goes to the service and nowhere else, neither a URL of ours
nor a log. Answers are kept ten minutes, under a digest of the question.
"""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache

from rdv.common import http_client
from rdv.common.text_keys import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 2.0
KEPT_SECONDS = 600
# After a failure nobody waits for the service again for that long.
AVOIDED_SECONDS = 30
MOST = 5
SHORTEST, LONGEST = 3, 200
GOOD_SCORE, POOR_SCORE, AHEAD = 0.8, 0.4, 0.1
_OK = 200
_CITY = re.compile(r"(\d{2}|2[AB])\d{3}")
_STREET = re.compile(r"((?:\d{2}|2[AB])\d{3}_[0-9a-z]{1,20})(_.*)?")
_DOWN = "addresses:down"


class AddressesUnavailable(Exception):  # noqa: N818 - named for what the page says
    """No usable answer: choose a commune in a list instead."""


@dataclass(frozen=True)
class Address:
    """What the service knows. `street_code`: "" for a whole commune. `score`: 0 to 1."""

    label: str
    city_code: str
    city_name: str
    street_code: str
    score: float
    latitude: float | None = None
    longitude: float | None = None


def find_addresses(typed: str) -> tuple[Address, ...]:
    """Return up to five addresses, the likeliest first; one when it leaves no doubt.

    Two seconds at most. Raises AddressesUnavailable.
    """
    text = " ".join(typed.split())[:LONGEST]
    if len(text) < SHORTEST or not text[0].isalnum():
        return ()  # the service refuses them
    key = f"addresses:{hashlib.sha256(fold(text).encode()).hexdigest()}"
    found: tuple[Address, ...] | None = cache.get(key)
    if found is None:
        found = likely(_ask(text))
        cache.set(key, found, KEPT_SECONDS)
    return found


class Place(TypedDict, total=False):
    """Where an address stands, in degrees; empty when it is not known."""

    latitude: float
    longitude: float


def place_of(typed: str) -> Place:
    """Return the coordinates of an address that leaves no doubt, or nothing. Never raises."""
    try:
        found = find_addresses(typed)
    except AddressesUnavailable:
        return {}
    if len(found) != 1 or found[0].latitude is None or found[0].longitude is None:
        return {}
    return {"latitude": found[0].latitude, "longitude": found[0].longitude}


def likely(found: tuple[Address, ...]) -> tuple[Address, ...]:
    """Drop what looks like chance, and everything else when the first is well ahead."""
    kept = sorted((one for one in found if one.score >= POOR_SCORE), key=lambda one: -one.score)
    if kept and kept[0].score >= GOOD_SCORE:
        first = kept[0].score
        kept = [kept[0], *(one for one in kept[1:] if one.score > first - AHEAD)]
    return tuple(kept)


def _ask(text: str) -> tuple[Address, ...]:
    if not settings.ADDRESS_API_URL or cache.get(_DOWN):
        raise AddressesUnavailable
    query = urlencode({"q": text, "limit": MOST, "autocomplete": 0, "index": "address"})
    try:
        page = http_client.get(
            f"{settings.ADDRESS_API_URL}?{query}",
            headers={"Accept": "application/json"},
            timeout=TIMEOUT_SECONDS,
            allows_private=settings.ADDRESS_API_PRIVATE,
        )
        return _read(page)
    except http_client.UnreachableError as error:
        cache.set(_DOWN, True, AVOIDED_SECONDS)
        if str(error) == http_client.PRIVATE_ADDRESS:
            logger.error("ADDRESS_API_URL is refused: a private address. ADDRESS_API_PRIVATE=1 ?")  # noqa: TRY400
        else:
            logger.warning("the address service did not answer: %s", error)
        raise AddressesUnavailable from error


def _read(page: http_client.Page) -> tuple[Address, ...]:
    """Read a GeoJSON collection; a line that we do not understand is left out."""
    if page.status != _OK:
        raise http_client.UnreachableError(f"status {page.status}")
    data = page.json()
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list):
        raise http_client.UnreachableError("UnreadableAnswer")
    read = [_address(one) for one in features[:MOST] if isinstance(one, dict)]
    return tuple(one for one in read if one is not None)


def _address(feature: Mapping[str, Any]) -> Address | None:
    told, geometry = feature.get("properties"), feature.get("geometry")
    if not isinstance(told, dict):
        return None
    city_code, label = told.get("citycode"), told.get("label")
    score, city = told.get("score"), told.get("city") or told.get("name")
    if not (isinstance(city_code, str) and _CITY.fullmatch(city_code)):
        return None
    if not (isinstance(label, str) and isinstance(city, str) and isinstance(score, int | float)):
        return None
    latitude, longitude = _place(geometry)
    # The identifier of a house number begins with that of its street.
    key = str(told.get("id", ""))
    street = _STREET.fullmatch(f"{key[:5].upper()}{key[5:].lower()}")
    street_code = street[1] if street and street[1].startswith(f"{city_code}_") else ""
    return Address(label[:250], city_code, city[:120], street_code, score, latitude, longitude)


def _place(geometry: Any) -> tuple[float | None, float | None]:
    """Return latitude and longitude; GeoJSON writes them the other way round."""
    pair = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if not isinstance(pair, list) or len(pair) != 2:  # noqa: PLR2004 - a point of the plane
        return None, None
    longitude, latitude = pair
    if not all(isinstance(value, int | float) for value in pair):
        return None, None
    if abs(latitude) > 90 or abs(longitude) > 180:  # noqa: PLR2004 - degrees
        return None, None
    return round(latitude, 6), round(longitude, 6)
