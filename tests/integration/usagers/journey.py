"""One small world for the public journey, and the visitor who goes through it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.urls import reverse

from agents.models import Organisation
from motifs.models import Lieu, Motif
from notifications.models import OutboxMessage
from planning.models import PlageOuverture
from tests.factories import LieuFactory, MotifFactory, OrganisationFactory, PlageOuvertureFactory

NOW = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
# The plage of the factory: Monday 11 January, 9:00 to 12:00 in Paris, cut by 30 minutes.
NINE = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)
HALF_PAST_NINE = datetime(2027, 1, 11, 8, 30, tzinfo=UTC)
IDENTITY = {
    "last_name": "Martin",
    "first_name": "Léa",
    "email": "Lea.@exemple.fr",
    "phone_number": "06 39 98 12 34",
}


@dataclass
class World:
    organisation: Organisation
    motif: Motif
    lieu: Lieu
    plage: PlageOuverture

    def url(self, step: str, **params: str) -> str:
        """Return the address of a step, with the choices of this world."""
        known = {
            "service": "social",
            "motif": "premier-accueil-sur_place",
            "lieu": str(self.lieu.uuid),
            **params,
        }
        address = reverse(f"usagers:booking_{step}", args=[self.organisation.slug])
        query = "&".join(f"{name}={value}" for name, value in known.items() if value)
        return f"{address}?{query}"

    def identity_url(self, creneau: str = "2027-01-11T08:00Z", **params: str) -> str:
        return self.url("identity", creneau=creneau, **params)


def build_world(**motif: Any) -> World:
    organisation = OrganisationFactory()
    row = MotifFactory(organisation=organisation, **{"name": "Premier accueil", **motif})
    lieu = LieuFactory(organisation=organisation)
    plage = PlageOuvertureFactory(lieu=lieu, motifs=[row])
    return World(organisation, row, lieu, plage)


def link_of(message: OutboxMessage | None = None) -> str:
    """Return the path of the link of the latest verification mail, as its reader sees it."""
    message = message or OutboxMessage.objects.filter(kind="booking_verify").latest("pk")
    found = re.search(r"https?://[^/\s]+(/rendez-vous/confirmer/[^\s]+)", message.body)
    assert found, message.body
    return found[1]


def type_identity(client: Any, world: World, **changes: str) -> Any:
    """Type the form on the page of the créneau of 9:00."""
    return client.post(world.identity_url(), {**IDENTITY, **changes})


def secret_of_confirmation() -> str:
    """Return the secret of the link of the latest confirmation mail."""
    messages = OutboxMessage.objects.filter(kind="rdv_created", channel="email")
    found = re.search(r"/r/([A-Za-z0-9]+)/", messages.latest("pk").body)
    assert found
    return found[1]
