"""Which changes of a RDV are possible, whoever asks (planning §2.5, §6.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning.rules.status import CANCELLED, UNKNOWN

if TYPE_CHECKING:
    from datetime import datetime


def refusal_to_change(
    *, status: str, starts_at: datetime, new_start: datetime, now: datetime
) -> str | None:
    """Return why time, place or people cannot change, in French, or None.

    A cancelled RDV is restored first; one that was filled in does not go back to the future.
    """
    if status in CANCELLED:
        return "Ce RDV est annulé : rétablissez-le avant de le modifier."
    if status != UNKNOWN and new_start != starts_at and new_start > now:
        return "Le statut de ce RDV est renseigné : réinitialisez-le avant de le déplacer."
    return None


def refusal_of_people(*, active: int, is_collective: bool) -> str | None:
    """Return why only `active` people cannot be in the RDV, in French, or None."""
    if not is_collective and active == 0:
        return "Un RDV garde au moins un usager. Pour libérer le créneau, annulez le RDV."
    return None


def refusal_of_agents(count: int) -> str | None:
    return None if count else "Un RDV a au moins un agent."
