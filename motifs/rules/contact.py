"""Whom to call: the lieu, else the organisation, else the territoire (G12). Always somebody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Reachable(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def phone_number(self) -> object: ...


@dataclass(frozen=True)
class Contact:
    name: str
    phone: str = ""
    email: str = ""
    website: str = ""
    opening_hours: str = ""
    address: str = ""


def whom_to_call(*places: Reachable | None) -> Contact:
    """Return one contact out of `places`, nearest first: each detail from the first who has it.

    The name is that of the nearest place that can be reached at all.
    """
    known = [place for place in places if place is not None]
    return Contact(
        name=next((p.name for p in known if p.phone_number or getattr(p, "email", "")), ""),
        phone=_first(known, "phone_number"),
        email=_first(known, "email"),
        website=_first(known, "website"),
        opening_hours=_first(known, "opening_hours"),
        address=_first(known, "address"),
    )


def _first(places: list[Reachable], detail: str) -> str:
    return next((str(value) for place in places if (value := getattr(place, detail, ""))), "")
