"""Why a motif cannot be booked online (A01)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """`fix` names the page to open: motif, organisation, plages, lieux, sessions, suspension."""

    message: str
    fix: str


@dataclass(frozen=True)
class Openings:
    """How many plages hold the motif: in all, not over, and of these with an open lieu.

    `soon_enough`: of the long enough ones, those that begin before the motif's maximum delay.
    """

    total: int
    current: int
    with_open_lieu: int
    long_enough: int
    soon_enough: int


@dataclass(frozen=True)
class Sessions:
    """Whether a workshop has a session to come; one that its delays allow; one of these not full.

    Each is true of the one before only.
    """

    to_come: bool
    in_time: bool
    with_seats: bool


def reasons_not_bookable(
    *,
    is_open_online: bool,
    is_collective: bool,
    sessions: Sessions,
    is_follow_up: bool,
    is_invisible: bool,
    has_contact: bool,
    requires_lieu: bool,
    has_open_lieu: bool,
    openings: Openings,
) -> list[Reason]:
    """Return what stands in the way, the first to put right first; nothing when bookable."""
    reasons = []
    if not is_open_online:
        reasons.append(Reason("Ce motif n’est pas ouvert à la réservation en ligne.", "motif"))
    if is_follow_up:
        words = "Un motif de suivi n’est proposé qu’aux personnes suivies, depuis leur espace."
        reasons.append(Reason(words, "motif"))
    if is_invisible:
        reasons.append(Reason("Un motif invisible n’est pas proposé en ligne.", "motif"))
    if not has_contact:
        reasons.append(Reason("L’organisation n’a ni téléphone ni adresse e-mail.", "organisation"))
    if is_collective:
        reason = _sessions_reason(sessions)
        return [*reasons, reason] if reason else reasons
    if requires_lieu and not has_open_lieu:
        reasons.append(Reason("Aucun lieu n’est ouvert dans l’organisation.", "lieux"))
    reason = _openings_reason(openings, requires_lieu=requires_lieu)
    return [*reasons, reason] if reason else reasons


def _sessions_reason(sessions: Sessions) -> Reason | None:
    if not sessions.to_come:
        return Reason("Aucune séance à venir n’est prévue.", "sessions")
    if not sessions.in_time:
        words = "Les séances à venir sont hors des délais de réservation du motif."
        return Reason(words, "motif")
    if not sessions.with_seats:
        return Reason("Les séances à venir sont complètes.", "sessions")
    return None


def _openings_reason(openings: Openings, *, requires_lieu: bool) -> Reason | None:
    if not openings.total:
        return Reason("Aucune plage d’ouverture ne propose ce motif.", "plages")
    if not openings.current:
        return Reason("Toutes les plages de ce motif sont terminées.", "plages")
    if requires_lieu and not openings.with_open_lieu:
        return Reason("Le lieu des plages de ce motif est fermé.", "lieux")
    if not openings.long_enough:
        return Reason("Le motif est plus long que ses plages d’ouverture.", "plages")
    if not openings.soon_enough:
        return Reason("Les plages de ce motif commencent après son délai maximum.", "motif")
    return None
