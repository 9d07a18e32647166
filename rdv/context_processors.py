"""What every page knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001
    """Return the brand (decision 36) and what DSFR's tags expect, without any query."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "HAS_FRANCECONNECT": bool(settings.FRANCECONNECT_ISSUER),
        "HAS_PROCONNECT": bool(settings.PROCONNECT_ISSUER),
        "DEMO_OUTBOX": settings.DEMO_OUTBOX,
        "SITE_CONFIG": {"site_title": settings.SITE_NAME},
    }
