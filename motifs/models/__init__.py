"""What can be booked, and where."""

from motifs.models.lieu import Availability, Lieu
from motifs.models.motif import BookingLevel, LocationType, Motif, MotifQuerySet, Visibility

__all__ = [
    "Availability",
    "BookingLevel",
    "Lieu",
    "LocationType",
    "Motif",
    "MotifQuerySet",
    "Visibility",
]
