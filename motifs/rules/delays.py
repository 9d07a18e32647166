"""Delays before a RDV that an admin may choose (in minutes). Months count 30 days, a year 365."""

from __future__ import annotations

_HOUR = 60
_DAY = 24 * _HOUR

DELAYS = (
    (30, "30 minutes"),
    (_HOUR, "1 heure"),
    (2 * _HOUR, "2 heures"),
    (3 * _HOUR, "3 heures"),
    (6 * _HOUR, "6 heures"),
    (12 * _HOUR, "12 heures"),
    (_DAY, "1 jour"),
    (2 * _DAY, "2 jours"),
    (3 * _DAY, "3 jours"),
    (7 * _DAY, "1 semaine"),
    (14 * _DAY, "2 semaines"),
    (21 * _DAY, "3 semaines"),
    (30 * _DAY, "1 mois"),
    (60 * _DAY, "2 mois"),
    (90 * _DAY, "3 mois"),
    (180 * _DAY, "6 mois"),
    (365 * _DAY, "1 an"),
)


def delay_words(minutes: int) -> str:
    """Return a delay in words; one that is not in the list in days, hours and minutes."""
    known = dict(DELAYS)
    if minutes in known:
        return known[minutes]
    days, rest = divmod(minutes, _DAY)
    hours, left = divmod(rest, _HOUR)
    parts = [
        f"{days} jour{'s' if days > 1 else ''}" if days else "",
        f"{hours} heure{'s' if hours > 1 else ''}" if hours else "",
        f"{left} minute{'s' if left > 1 else ''}" if left else "",
    ]
    return " ".join(part for part in parts if part)
