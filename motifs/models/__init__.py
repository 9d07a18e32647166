"""What can be booked, and where."""

from motifs.models.lieu import Availability, Lieu
from motifs.models.motif import (
    BookingLevel,
    LocationType,
    Motif,
    MotifQuerySet,
    SectorisationLevel,
    Visibility,
)
from motifs.models.motif_bulk_edit import MotifBulkEdit, MotifBulkLine
from motifs.models.motif_category import MotifCategory

__all__ = [
    "Availability",
    "BookingLevel",
    "Lieu",
    "LocationType",
    "Motif",
    "MotifBulkEdit",
    "MotifBulkLine",
    "MotifCategory",
    "MotifQuerySet",
    "SectorisationLevel",
    "Visibility",
]
