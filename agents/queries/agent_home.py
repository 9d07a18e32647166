"""Where an agent belongs first: whose clock and whose name a mail to them bears."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from agents.models import Organisation, Territoire

if TYPE_CHECKING:
    from agents.models import Agent


def home_organisation(agent: Agent) -> Organisation | None:
    """Return the organisation of their first role; None for who only has rights elsewhere."""
    rows = Organisation.objects.filter(roles__agent=agent).order_by("roles__pk")
    return rows.select_related("territoire__brand").first()


def zone_of(agent: Agent, organisation: Organisation | None) -> ZoneInfo:
    """Return the zone of `organisation`, else of a territoire they have rights on."""
    if organisation is not None:
        return organisation.territoire.zone
    territoire = Territoire.objects.filter(droits__agent=agent).order_by("droits__pk").first()
    return territoire.zone if territoire else ZoneInfo(settings.TIME_ZONE)
