"""The three letters that open the link of a message (decision 11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LETTERS = 3


def opens(typed: str, names: Iterable[str], letters: Callable[[str], str]) -> bool:
    """Tell whether `typed` begins as one of `names`, once `letters` has folded both.

    "De la Tour" is DEL, "D'Alembert" DAL, "Bo" BO alone: a short name is given whole. More than
    three letters may be typed, if they are those of the name.
    """
    given = letters(typed)
    for name in names:
        known = letters(name)
        if known and len(given) >= min(LETTERS, len(known)) and known.startswith(given):
            return True
    return False
