"""What every page knows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError

from agents.models import Accessibility
from agents.queries.brand import Brands, all_brands, logo_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from agents.models import Brand

# How long a process keeps the brands: what a super-administrator changes is seen within a minute.
KEPT_SECONDS = 60


class _Kept:
    brands = Brands()
    until = float("-inf")


def site(request: HttpRequest) -> dict[str, object]:
    """Return the brand (decision 36) and what DSFR's tags expect: a query a minute at most."""
    brand = brand_of(request)
    name = brand.name if brand else settings.SITE_NAME
    return {
        "SITE_NAME": name,
        "BRAND_LOGO": logo_of(brand),
        "ACCESSIBILITY": (brand.get_accessibility_display() if brand else Accessibility.NONE.label),
        "HAS_FRANCECONNECT": bool(settings.FRANCECONNECT_ISSUER),
        "HAS_PROCONNECT": bool(settings.PROCONNECT_ISSUER),
        "DEMO_OUTBOX": settings.DEMO_OUTBOX,
        "SITE_CONFIG": {"site_title": name},
    }


def brand_of(request: HttpRequest) -> Brand | None:
    """Return the brand of the host that was asked for; None: the name of the settings."""
    try:
        return _brands().of(request.get_host())
    except DisallowedHost:
        return None


def keep_brands(brands: Brands, *, seconds: float = KEPT_SECONDS) -> None:
    _Kept.brands, _Kept.until = brands, time.monotonic() + seconds


def _brands() -> Brands:
    if time.monotonic() >= _Kept.until:
        try:
            keep_brands(all_brands())
        except DatabaseError:
            # The page of an error is printed all the same.
            return _Kept.brands
    return _Kept.brands
