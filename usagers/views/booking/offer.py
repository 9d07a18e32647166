"""What may be chosen in the journey: a rendez-vous, and where it takes place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from motifs.models import LocationType
from motifs.rules.contact import Contact, whom_to_call
from motifs.rules.public_key import public_key
from motifs.rules.suspension import suspension_on

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from agents.models import Service
    from motifs.models import Lieu, Motif
    from motifs.rules.suspension import Suspension

WORKSHOP = "collectif"


@dataclass(frozen=True)
class Choice:
    """What people choose: one line for the motifs of several organisations with one name."""

    key: str
    name: str
    service: Service
    location_type: str
    motifs: tuple[Motif, ...]

    @property
    def is_collective(self) -> bool:
        return self.motifs[0].is_collective

    @property
    def how(self) -> str:
        if self.is_collective:
            return _("En groupe")
        return str(LocationType(self.location_type).label)

    @property
    def needs_lieu(self) -> bool:
        return self.location_type == LocationType.SUR_PLACE and not self.is_collective

    @property
    def most_persons(self) -> int:
        """How many may come together (decision 24); a session is joined one by one."""
        return 1 if self.is_collective else max(motif.max_persons for motif in self.motifs)


@dataclass(frozen=True)
class Place:
    """Where, or with whom: a motif of one organisation, and its lieu when people come on site."""

    motif: Motif
    lieu: Lieu | None = None

    @property
    def contact(self) -> Contact:
        organisation = self.motif.organisation
        return whom_to_call(self.lieu, organisation, organisation.territoire)


def choice_key(motif: Motif) -> str:
    """Return what stands in the URL for the motifs of one name and one kind."""
    return public_key(motif.name, WORKSHOP if motif.is_collective else motif.location_type)


def place_key(place: Place) -> str:
    return str(place.lieu.uuid) if place.lieu else place.motif.organisation.slug


def suspension_at(motif: Motif, today: date) -> Suspension | None:
    """Return what closes the motif to the public that day, in its territoire (G11)."""
    return suspension_on(today, motif, motif.organisation)


def suspended_choices(motifs: Iterable[Motif], today: date) -> list[tuple[Motif, Suspension]]:
    """Return the choices all of whose motifs are suspended, each with the soonest to reopen."""
    grouped: dict[str, list[tuple[Motif, Suspension | None]]] = {}
    for motif in motifs:
        grouped.setdefault(choice_key(motif), []).append((motif, suspension_at(motif, today)))
    found = []
    for rows in grouped.values():
        closed = [(motif, each) for motif, each in rows if each is not None]
        if len(closed) == len(rows):
            found.append(min(closed, key=lambda row: row[1].until))
    return found
