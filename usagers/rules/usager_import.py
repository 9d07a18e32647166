"""What becomes of the lines of a file of fiches, and who is there twice (G14)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date


class Outcome(StrEnum):
    """NEW: created (would be). DUPLICATE: probably known already, left out. WRONG: refused."""

    NEW = "new"
    DUPLICATE = "duplicate"
    WRONG = "wrong"


@dataclass(frozen=True)
class UsagerReport:
    """`why`: in French, of what was left out."""

    number: int
    name: str
    outcome: str
    why: str = ""


@dataclass(frozen=True)
class Facts:
    """What tells a person: folded words of the names, e-mail in lower case, phone in E.164."""

    words: Collection[str]
    birth_date: date | None = None
    email: str = ""
    phone_number: str = ""


@dataclass(frozen=True)
class Twice:
    """Somebody of an earlier line, and why it is probably them: name, email, phone."""

    number: int
    reasons: tuple[str, ...]


@dataclass
class FilePeople:
    """Found by the same rule as fiches: name (unless born another day), e-mail or phone."""

    _contacts: dict[tuple[str, str], int] = field(default_factory=dict)
    _names: dict[str, set[int]] = field(default_factory=dict)
    _births: dict[int, date | None] = field(default_factory=dict)

    def add(self, number: int, facts: Facts) -> None:
        self._births[number] = facts.birth_date
        for contact in _contacts(facts):
            self._contacts.setdefault(contact, number)
        for word in facts.words:
            self._names.setdefault(word, set()).add(number)

    def find(self, facts: Facts) -> Twice | None:
        """Return the earliest line of the same person. No word of the names: they tell nothing."""
        found: dict[int, list[str]] = {}
        for number in self._of_name(facts):
            found.setdefault(number, []).append("name")
        for contact in _contacts(facts):
            if contact in self._contacts:
                found.setdefault(self._contacts[contact], []).append(contact[0])
        if not found:
            return None
        first = min(found)
        return Twice(first, tuple(found[first]))

    def _of_name(self, facts: Facts) -> set[int]:
        if not facts.words:
            return set()
        numbers = set.intersection(*(self._names.get(word, set()) for word in facts.words))
        day = facts.birth_date
        return {n for n in numbers if not day or self._births[n] in (None, day)}


def _contacts(facts: Facts) -> list[tuple[str, str]]:
    pairs = (("email", facts.email), ("phone", facts.phone_number))
    return [pair for pair in pairs if pair[1]]
