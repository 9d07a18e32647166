"""A number in an address or a hidden field, which anybody may have written over."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[0-9]{1,9}")


def number_of(text: str) -> int:
    """Return the number, 0 for anything else: int() takes other digits, and chokes on 4,301."""
    return int(text) if _NUMBER.fullmatch(text) else 0
