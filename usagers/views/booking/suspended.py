"""What the journey offers, and what a suspension closes for now (G11)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from motifs.rules.suspension import suspension_on
from usagers.views.booking.offer import choice_key

if TYPE_CHECKING:
    from datetime import date

    from motifs.models import Motif
    from motifs.rules.suspension import Suspension
    from usagers.queries.follow_up import FollowUp


class Offered:
    """Parts `offered`, the motifs of the journey, into those open now and those suspended."""

    params: dict[str, str]
    follow_up: FollowUp | None = None

    @property
    def referents(self) -> frozenset[int] | None:
        """Return the only agents who may receive; None: any, in the ordinary journey."""
        return self.follow_up.agent_ids if self.follow_up else None

    @cached_property
    def today(self) -> date:
        raise NotImplementedError

    @cached_property
    def offered(self) -> list[Motif]:
        raise NotImplementedError

    @cached_property
    def motifs(self) -> list[Motif]:
        """Return what may be booked now."""
        return [motif for motif in self.offered if self._suspension_of(motif) is None]

    @cached_property
    def suspended(self) -> list[tuple[Motif, Suspension]]:
        """Return the choices all of whose motifs are suspended, with the soonest to reopen."""
        grouped: dict[str, list[tuple[Motif, Suspension | None]]] = {}
        for motif in self.offered:
            grouped.setdefault(choice_key(motif), []).append((motif, self._suspension_of(motif)))
        found = []
        for rows in grouped.values():
            closed = [(motif, each) for motif, each in rows if each is not None]
            if len(closed) == len(rows):
                found.append(min(closed, key=lambda row: row[1].until))
        return found

    @property
    def suspension(self) -> Suspension | None:
        """Return what closes the rendez-vous of the URL; without one, everything."""
        asked = self.params.get("motif")
        named = [each for motif, each in self.suspended if asked in (None, choice_key(motif))]
        if not named or (self.motifs and not asked):
            return None
        return min(named, key=lambda each: each.until)

    def _suspension_of(self, motif: Motif) -> Suspension | None:
        return suspension_on(self.today, motif, motif.organisation)
