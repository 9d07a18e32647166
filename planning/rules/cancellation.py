"""Cancelling: may it be done, and if not, why (decision 2, spec planning §6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from planning.rules.marks import gettext_noop
from planning.rules.status import CANCELLED, UNKNOWN

# Exactly four hours is in time, whoever created the RDV.
USAGER_NOTICE = timedelta(hours=4)


def refusal_to_cancel(
    *, status: str, starts_at: datetime, by_usager: bool, motif_allows: bool, now: datetime
) -> str | None:
    """Return why it may not be cancelled, in French, or None when it may.

    `status` is that of what is cancelled: the RDV for an agent, who may also cancel what is over
    and was not filled in (planning §6.2); the participation for an usager.
    """
    if status in CANCELLED:
        return gettext_noop("Ce rendez-vous est déjà annulé.")
    if not by_usager:
        if status == UNKNOWN:
            return None
        return gettext_noop(
            "Le statut de ce rendez-vous est déjà renseigné : il ne peut plus être annulé."
        )
    if status != UNKNOWN or starts_at <= now:
        return gettext_noop(
            "Ce rendez-vous a déjà commencé : il ne peut plus être annulé en ligne."
        )
    if not motif_allows:
        return gettext_noop("Ce rendez-vous ne peut pas être annulé en ligne.")
    if starts_at - now < USAGER_NOTICE:
        return gettext_noop(
            "Il est trop tard pour annuler en ligne : c’est possible jusqu’à 4 heures avant."
        )
    return None
