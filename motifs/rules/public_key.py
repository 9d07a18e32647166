"""One name for the motifs that several organisations share (usagers-notifications §2.2)."""

from __future__ import annotations

import re
import unicodedata


def public_key(name: str, location_type: str) -> str:
    """Return what stands in the URL: "Bilan d’ accès" -> "bilan-d-acces-sur_place".

    Every run of other signs than letters and digits becomes one dash: "d' accès" is "d'acces".
    """
    plain = unicodedata.normalize("NFKD", name.lower().replace("œ", "oe").replace("æ", "ae"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return f"{slug or 'rdv'}-{location_type}"
