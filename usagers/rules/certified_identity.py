"""The identity that FranceConnect certifies, read from its claims (A04)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from usagers.rules.email_address import clean_address

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_NAME = 80


@dataclass(frozen=True)
class CertifiedIdentity:
    """What was given; "" and None for what was not. `last_name`: the name in use."""

    first_name: str = ""
    birth_name: str = ""
    last_name: str = ""
    birth_date: date | None = None
    email: str = ""

    @property
    def is_named(self) -> bool:
        return bool(self.first_name and self.last_name)

    @property
    def columns(self) -> dict[str, Any]:
        """Return the columns of a fiche that were given: a missing claim leaves its value."""
        given = {
            "first_name": self.first_name,
            "birth_name": self.birth_name,
            "last_name": self.last_name,
            "birth_date": self.birth_date,
        }
        return {name: value for name, value in given.items() if value}

    def as_json(self) -> dict[str, str]:
        """Return the columns as text, to keep them until a fiche receives them."""
        return {name: str(value) for name, value in self.columns.items()}


def read_claims(claims: Mapping[str, Any]) -> CertifiedIdentity:
    """Read verified claims. A date of birth that is not a full day (1960-00-00) is left out."""
    family_name = _name(claims.get("family_name"))
    return CertifiedIdentity(
        first_name=_name(claims.get("given_name")),
        birth_name=family_name,
        last_name=_name(claims.get("preferred_username")) or family_name,
        birth_date=_day(claims.get("birthdate")),
        email=clean_address(_text(claims.get("email"))),
    )


def read_stored(kept: Mapping[str, Any]) -> CertifiedIdentity:
    """Read what `as_json` wrote."""
    return CertifiedIdentity(
        first_name=_name(kept.get("first_name")),
        birth_name=_name(kept.get("birth_name")),
        last_name=_name(kept.get("last_name")),
        birth_date=_day(kept.get("birth_date")),
    )


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _name(value: Any) -> str:
    """Return a name that fits: all the first names of somebody may not, whole ones are kept."""
    text = " ".join(_text(value).split())
    if len(text) <= LONGEST_NAME:
        return text
    return text[: LONGEST_NAME + 1].rpartition(" ")[0] or text[:LONGEST_NAME]


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        return None
