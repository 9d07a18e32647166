"""What an usager will see of a motif: read by its admin while they write it (G07)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from motifs.models import Availability, BookingLevel, LocationType, Visibility
from motifs.rules.contact import whom_to_call
from motifs.rules.delays import delay_words

if TYPE_CHECKING:
    from agents.models import Organisation
    from motifs.models import Lieu, Motif
    from motifs.rules.contact import Contact


@dataclass(frozen=True)
class MotifPreview:
    """`motif` need not be saved. `lieu`: an open one, as an example."""

    motif: Motif
    contact: Contact
    lieu: Lieu | None

    @property
    def how(self) -> str:
        if self.motif.is_collective:
            return "En groupe"
        return str(LocationType(self.motif.location_type).label)

    @property
    def is_offered(self) -> bool:
        """Whether usagers find it by themselves."""
        return (
            self.motif.booking_level == BookingLevel.USAGERS
            and not self.motif.is_follow_up
            and not self.is_invisible
        )

    @property
    def is_for_prescripteurs(self) -> bool:
        return self.motif.booking_level == BookingLevel.PRESCRIPTEURS

    @property
    def is_invisible(self) -> bool:
        return self.motif.visibility == Visibility.INVISIBLE

    @property
    def earliest(self) -> str:
        return delay_words(self.motif.min_delay_minutes)

    @property
    def latest(self) -> str:
        return delay_words(self.motif.max_delay_minutes)


def motif_preview(motif: Motif, organisation: Organisation) -> MotifPreview:
    """One statement at most: an open lieu, when people come on site."""
    lieu = None
    if motif.requires_lieu:
        lieu = organisation.lieux.filter(availability=Availability.OPEN).order_by("name").first()
    return MotifPreview(
        motif=motif,
        contact=whom_to_call(lieu, organisation, organisation.territoire),
        lieu=lieu,
    )
