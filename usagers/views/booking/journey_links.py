"""The addresses of the journey: each step with the choices made before it, never a person (A02)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from usagers.views.booking.offer import Place, place_key

if TYPE_CHECKING:
    from agents.models import Organisation, Territoire

# What each step takes from the URL; going back forgets what comes after. `site`: the lieu of a
# direct link, which the whole journey keeps.
# `secteur`: those of the visitor's address, which is itself kept nowhere (docs/adr/0019).
# `prescripteur`: somebody books for another person (decision 22); `suivi`: with their référents.
_ENTRY = ("site", "prescripteur", "suivi", "secteur")
_WHAT = (*_ENTRY, "service", "motif")
_PLACE = ("lieu", "structure", "accepte")
_WHERE = (*_WHAT, "personnes", *_PLACE)
PARAMS = {
    "search": _ENTRY,
    "motif": (*_ENTRY, "service"),
    "sector": _WHAT,
    "persons": (*_WHAT, *_PLACE),
    "lieu": (*_WHAT, "personnes"),
    "slot": (*_WHERE, "date"),
    "workshop": _WHAT,
    "waiting": _WHERE,
    **dict.fromkeys(
        ("identity", "prescripteur", "code", "beneficiaire"), (*_WHERE, "creneau", "atelier")
    ),
}
INSTANT = "%Y-%m-%dT%H:%MZ"


def instant_key(starts_at: datetime) -> str:
    """Return how a créneau is written in a URL: UTC, so that no hour is ambiguous."""
    return starts_at.astimezone(UTC).strftime(INSTANT)


@dataclass
class JourneyLinks:
    territoire: Territoire
    organisation: Organisation | None
    params: dict[str, str]

    @property
    def is_prescribed(self) -> bool:
        """Whether a prescripteur books, for somebody else."""
        return self.params.get("prescripteur") == "1"

    @property
    def who_step(self) -> str:
        """The step after the créneau."""
        return "prescripteur" if self.is_prescribed else "identity"

    def url(self, step: str, **changes: str) -> str:
        """Return the address of a step, with the choices made before it."""
        known = {**self.params, **changes}
        query = {name: known[name] for name in PARAMS[step] if known.get(name)}
        address = self._root() if step == "search" else self._step(step)
        return f"{address}?{urlencode(query)}" if query else address

    def _root(self) -> str:
        if self.organisation:
            return reverse("usagers:booking_organisation", args=[self.organisation.slug])
        return reverse("usagers:booking_territoire", args=[self.territoire.slug])

    def _step(self, step: str) -> str:
        if self.organisation:
            kwargs = {"organisation_slug": self.organisation.slug}
        else:
            kwargs = {"territoire_slug": self.territoire.slug}
        return reverse(f"usagers:booking_{step}", kwargs=kwargs)

    @property
    def search_url(self) -> str:
        return self.url("search")

    @property
    def motif_url(self) -> str:
        return self.url("motif")

    @property
    def lieu_url(self) -> str:
        return self.url("lieu")

    @property
    def persons_url(self) -> str:
        return self.url("persons")

    @property
    def waiting_url(self) -> str:
        return self.url("waiting")

    @property
    def workshop_url(self) -> str:
        return self.url("workshop")

    @property
    def sector_url(self) -> str:
        return self.url("sector")

    def place_url(self, step: str, place: Place, **changes: str) -> str:
        name = "lieu" if place.lieu else "structure"
        both = {"lieu": "", "structure": "", name: place_key(place)}
        return self.url(step, **both, **changes)

    def slot_url(self, starts_at: datetime) -> str:
        return self.url(self.who_step, creneau=instant_key(starts_at))

    @property
    def prescripteur_url(self) -> str:
        """The first step for somebody who books for another person, with the choices made."""
        return self.url(
            "prescripteur"
            if self.params.get("creneau") or self.params.get("atelier")
            else "search",
            prescripteur="1",
        )

    @property
    def for_oneself_url(self) -> str:
        return self.url("search", prescripteur="")

    @property
    def not_followed_url(self) -> str:
        return self.url("search", suivi="")
