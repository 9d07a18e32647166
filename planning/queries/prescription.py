"""A RDV booked for a beneficiary, as its summary shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning.models import Rdv

if TYPE_CHECKING:
    from uuid import UUID


def prescribed_rdv(uuid: UUID) -> Rdv | None:
    """Return the RDV that a prescripteur booked; whose browser may read it is the caller's."""
    rows = Rdv.objects.kept().filter(uuid=uuid, participations__prescripteur__isnull=False)
    rows = rows.select_related("motif__service", "lieu", "organisation__territoire")
    return rows.distinct().first()
