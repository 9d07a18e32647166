"""What the forms send, and the rows that they are about: values that the services accept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.cast import Cast
from tests.factories import MotifFactory, RdvFactory


def motif_data(cast: Cast) -> dict[str, Any]:
    return {
        "name": "Nouveau motif",
        "service": cast.social.pk,
        "location_type": "sur_place",
        "duration_minutes": "30",
        "color_choice": "#000091",
        "max_persons": "1",
        "pause_minutes": "0",
        "booking_level": "agents",
        "min_delay_minutes": "30",
        "max_delay_minutes": "129600",
        "visibility": "visible_and_notified",
    }


def lieu_data(_cast: Cast) -> dict[str, Any]:
    return {"name": "Nouveau lieu", "address": "2 rue Haute, 62000 Arras"}


def the_workshop(cast: Cast) -> list[Any]:
    """A workshop of the cast's service, in the owner's agenda, with free seats."""
    motif = MotifFactory(organisation=cast.organisation, service=cast.social, is_collective=True)
    rdv = RdvFactory(
        motif=motif,
        lieu=cast.lieu,
        agents=[cast.owner],
        starts_at=datetime(2027, 1, 12, 13, tzinfo=UTC),
        seats_total=5,
    )
    return [rdv.uuid]


def workshop_data(cast: Cast) -> dict[str, Any]:
    motif = MotifFactory(organisation=cast.organisation, service=cast.social, is_collective=True)
    return {
        "motif": motif.uuid,
        "day": "2027-01-12",
        "start": "14:00",
        "duration": "60",
        "agents": [cast.owner.uuid],
        "lieu": cast.lieu.uuid,
    }
