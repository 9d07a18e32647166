"""Moving by the person who comes: may it be done, and if not, why (decision 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning.rules.cancellation import USAGER_NOTICE
from planning.rules.status import CANCELLED, UNKNOWN

if TYPE_CHECKING:
    from datetime import datetime

CALL = "Appelez le service pour le déplacer."


def refusal_to_move(
    *,
    status: str,
    starts_at: datetime,
    motif_allows: bool,
    is_collective: bool,
    is_shared: bool,
    now: datetime,
) -> str | None:
    """Return why it may not be moved online, in French, or None when it may.

    `motif_allows`: the setting of the motif, still open to usagers. `is_shared`: another family
    comes too, or several agents receive: a new time is theirs to agree.
    """
    if status in CANCELLED:
        return "Ce rendez-vous est annulé."
    if status != UNKNOWN or starts_at <= now:
        return "Ce rendez-vous a déjà commencé : il ne peut plus être déplacé en ligne."
    if is_collective:
        return "Ce rendez-vous se passe en groupe : désinscrivez-vous, puis choisissez une date."
    if not motif_allows:
        return f"Ce rendez-vous ne peut pas être déplacé en ligne. {CALL}"
    if is_shared:
        return f"Ce rendez-vous réunit plusieurs personnes. {CALL}"
    if starts_at - now < USAGER_NOTICE:
        return "Il est trop tard pour déplacer en ligne : c’est possible jusqu’à 4 heures avant."
    return None
