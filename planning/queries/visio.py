"""The room of a RDV by video, on the server of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from planning.rules.visio import visio_url

if TYPE_CHECKING:
    from planning.models import Rdv

VISIO = "visio"


def visio_link(rdv: Rdv) -> str:
    """Return the address of its room, or "" when the RDV is not by video."""
    is_visio = rdv.motif.location_type == VISIO
    return visio_url(settings.VISIO_URL, rdv.uuid) if is_visio else ""
