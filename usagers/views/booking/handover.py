"""What a frame hands over to the tab where the booking goes on: choices, signed; never a person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core import signing
from django.urls import reverse

from usagers.views.booking.journey import PARAMS

if TYPE_CHECKING:
    from usagers.views.booking.journey import Journey

VALID_FOR = timedelta(minutes=30)
_SALT = "booking-frame"


@dataclass(frozen=True)
class Handover:
    """`organisation` and `territoire` are slugs, one of them empty; `step` is where to go on."""

    organisation: str
    territoire: str
    step: str
    params: dict[str, str]
    language: str
    is_over: bool = False


def handover_url(journey: Journey, step: str, language: str, **changes: str) -> str:
    """Return the address of the tab, with the choices made in the frame."""
    known = {**journey.params, **changes}
    params = {name: known[name] for name in PARAMS[step] if known.get(name)}
    if journey.organisation:
        entry = [journey.organisation.slug, ""]
    else:
        entry = ["", journey.territoire.slug]
    state = signing.dumps([*entry, step, params, language], salt=_SALT, compress=True)
    return reverse("usagers:booking_resume", args=[state])


def read_handover(state: str) -> Handover | None:
    """Return what was signed here, over or not; None for anything else."""
    try:
        return Handover(*signing.loads(state, salt=_SALT, max_age=VALID_FOR))
    except signing.SignatureExpired:
        return replace(Handover(*signing.loads(state, salt=_SALT)), is_over=True)
    except signing.BadSignature:
        return None
