"""One spelling of an e-mail address (usagers-notifications §1.3)."""

from __future__ import annotations

import re


def clean_address(typed: str) -> str:
    """Return the address in lower case, the commonest slips repaired.

    "Lea.@exemple.fr " -> "lea@exemple.fr"; "yann..k@exemple.fr" -> "yann.k@exemple.fr".
    """
    return re.sub(r"\.{2,}", ".", typed.strip().lower()).replace(".@", "@")
