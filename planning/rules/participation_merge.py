"""Two participations of one person in the same RDV become one (F03). Pure."""

from __future__ import annotations

from planning.rules.status import CANCELLED, UNKNOWN


def merged_status(kept: str, absorbed: str) -> str:
    """Return the status that remains: that of the fiche that is kept.

    But nobody who is expected gets forgotten, and what was filled in stays: an active one wins over
    a cancelled one, and a known outcome over none. So the RDV itself never changes.
    """
    if kept in CANCELLED and absorbed not in CANCELLED:
        return absorbed
    if kept == UNKNOWN and absorbed not in CANCELLED:
        return absorbed
    return kept
