"""What an agent reads for a status: "unknown" splits by day (planning §6.1, decision 35)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning.rules.status import UNKNOWN

if TYPE_CHECKING:
    from datetime import date

UPCOMING = "upcoming"
TODAY = "today"
TO_FILL_IN = "to_fill_in"


def label_of(status: str, *, day: date, today: date) -> str:
    """Return the derived label; both days are those of the territoire."""
    if status != UNKNOWN:
        return status
    if day == today:
        return TODAY
    return UPCOMING if day > today else TO_FILL_IN
