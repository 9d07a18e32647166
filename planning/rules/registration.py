"""May somebody register in this workshop (planning §4.4, §5)? Seats are `planning.slots.seats`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning.rules.marks import gettext_noop
from planning.rules.status import CANCELLED, REVOKED, UNKNOWN

if TYPE_CHECKING:
    from datetime import datetime, timedelta

CANCELLED_WORKSHOP = gettext_noop("Ce rendez-vous collectif est annulé.")
NOT_ONLINE = gettext_noop("Ce rendez-vous ne se prend pas en ligne. Contactez le service.")
TOO_LATE = gettext_noop("Il est trop tard pour s’inscrire en ligne. Contactez le service.")
TOO_EARLY = gettext_noop("Les inscriptions à ce rendez-vous ne sont pas encore ouvertes.")
REMOVED = gettext_noop("Le service a annulé cette inscription. Contactez-le pour revenir.")


def refusal_of_agent(*, status: str) -> str:
    """Return why nobody can be added, or "". An agent may write down who came, after the time."""
    return CANCELLED_WORKSHOP if status in CANCELLED else ""


def refusal_of_public(
    *,
    status: str,
    is_open: bool,
    starts_at: datetime,
    min_delay: timedelta,
    max_delay: timedelta,
    now: datetime,
) -> str:
    """Return why an usager or a prescripteur may not register, or ""; both delays are included."""
    if status != UNKNOWN:
        return CANCELLED_WORKSHOP if status in CANCELLED else TOO_LATE
    if not is_open:
        return NOT_ONLINE
    if starts_at < now + min_delay:
        return TOO_LATE
    return TOO_EARLY if starts_at > now + max_delay else ""


def refusal_to_return(*, status: str) -> str:
    """Return why somebody who had left may not come back by themselves, or ""."""
    return REMOVED if status == REVOKED else ""
