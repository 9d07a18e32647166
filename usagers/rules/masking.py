"""What an agent may read of a person whom their organisation does not know yet (decision 13). Pure.

Enough to recognise somebody who stands at the desk, not enough to reach them. The number of stars
says nothing of what they hide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

STARS = "****"


def masked_birth_date(day: date | None) -> str:
    """Return "24/07/****"."""
    return f"{day:%d/%m}/{STARS}" if day else ""


def masked_phone(written: str) -> str:
    """Return "06 ** ** ** 34" for a number as people write it: two first and two last digits."""
    digits = "".join(letter for letter in written if letter.isdigit())
    return f"{digits[:2]} ** ** ** {digits[-2:]}" if digits else ""


def masked_email(address: str | None) -> str:
    """Return "l****a@exemple.fr": one letter at each end of the local part, and the domain.

    A local part of one or two letters shows the first alone.
    """
    local, at, domain = (address or "").partition("@")
    if not at or not local:
        return ""
    last = local[-1] if len(local) > len("ab") else ""
    return f"{local[0]}{STARS}{last}@{domain}"
