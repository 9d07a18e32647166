"""The preset list of services, common to every territoire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.models import Service

if TYPE_CHECKING:
    from django.db.models import QuerySet


def preset_services() -> QuerySet[Service]:
    return Service.objects.order_by("name", "pk")
