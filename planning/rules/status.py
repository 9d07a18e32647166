"""Statuses of a RDV and of a participation (planning §5, §6, §15; decision 35).

One table says what an agent may change, and one story how the RDV and its participations follow
each other. Pure: instants and days are given, days being those of the territoire.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

UNKNOWN = "unknown"
SEEN = "seen"
NOSHOW = "noshow"
EXCUSED = "excused"
REVOKED = "revoked"

# Time is held by these; excused and revoked give it back.
ACTIVE = (UNKNOWN, SEEN, NOSHOW)
CANCELLED = (EXCUSED, REVOKED)

ALREADY_CANCELLED = "Ce rendez-vous est déjà annulé."
ALREADY_FILLED_IN = "Le statut de ce rendez-vous est déjà renseigné : il ne peut plus être annulé."
NOT_FROM_HERE = "Ce changement de statut n’est pas possible."
NOT_YET = "Ce rendez-vous n’a pas encore eu lieu : ce statut n’est pas possible."


@dataclass(frozen=True)
class Moment:
    """Where the clock stands: the RDV's start and its day, now and its day (of the territoire)."""

    starts_at: datetime
    day: date
    now: datetime
    today: date

    @property
    def is_future_day(self) -> bool:
        return self.day > self.today

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= self.now


def next_statuses(status: str, *, moment: Moment, is_collective: bool = False) -> tuple[str, ...]:
    """Return what an agent may make of a RDV, in the order of the menu.

    « Honoré » is possible from the morning of the day on, « absence » once the RDV has begun. A
    collective RDV is held or not: absences are the persons'.
    """
    if status != UNKNOWN:
        return (UNKNOWN,)
    if is_collective:
        return (REVOKED,) if moment.is_future_day else (SEEN, REVOKED)
    if moment.is_future_day:
        return CANCELLED
    return (SEEN, NOSHOW, *CANCELLED) if moment.has_begun else (SEEN, *CANCELLED)


def next_participation_statuses(status: str, *, rdv_status: str, moment: Moment) -> tuple[str, ...]:
    """Return what an agent may make of one person's participation.

    Nothing while the whole RDV is cancelled: it is restored as a whole.
    """
    if rdv_status in CANCELLED:
        return ()
    if status != UNKNOWN:
        return (UNKNOWN,)
    if moment.is_future_day:
        return (EXCUSED,)
    return (SEEN, NOSHOW, EXCUSED) if moment.has_begun else (SEEN, EXCUSED)


def refusal_of(wanted: str, *, status: str, allowed: Collection[str], moment: Moment) -> str | None:
    """Return why `wanted` is not among `allowed`, in French, or None when it is."""
    if wanted in allowed:
        return None
    if wanted in (SEEN, NOSHOW) and status == UNKNOWN and not moment.has_begun:
        return NOT_YET
    if wanted in CANCELLED and status != UNKNOWN:
        return ALREADY_CANCELLED if status in CANCELLED else ALREADY_FILLED_IN
    return NOT_FROM_HERE


@dataclass(frozen=True)
class Part:
    """A participation, as the rules see it."""

    status: str
    cancelled_at: datetime | None = None


def pushed(wanted: str, *, rdv_status: str, parts: Sequence[Part]) -> list[str]:
    """Return the status of each participation once the RDV becomes `wanted`, in order.

    Cancelling takes those who are not cancelled yet; « honoré » and « absence » those that nobody
    filled in. Restoring brings back those who were cancelled last, with the RDV: whoever had left
    before stays away.
    """
    if wanted in CANCELLED:
        return [part.status if part.status in CANCELLED else wanted for part in parts]
    if wanted != UNKNOWN:
        return [wanted if part.status == UNKNOWN else part.status for part in parts]
    back = _cancelled_with_the_rdv(rdv_status, parts)
    return [UNKNOWN if part.status in ACTIVE or part in back else part.status for part in parts]


def _cancelled_with_the_rdv(rdv_status: str, parts: Sequence[Part]) -> list[Part]:
    if rdv_status not in CANCELLED:
        return []
    same = [part for part in parts if part.status == rdv_status]
    instants = [part.cancelled_at for part in same if part.cancelled_at is not None]
    return [part for part in same if instants and part.cancelled_at == max(instants)]


def derived(*, rdv_status: str, parts: Sequence[str], moment: Moment, is_collective: bool) -> str:
    """Return the status of the RDV once the participations have those of `parts`.

    Individual: one who came makes it « honoré »; without anybody left it is cancelled; all those
    left absent, « absence »; otherwise it is still to be filled in. Collective: one who came makes
    it held; nobody at all once the day is past, not held; otherwise it stands as it was.
    """
    if SEEN in parts:
        return SEEN
    if is_collective:
        is_past = moment.day < moment.today
        return REVOKED if parts and is_past and UNKNOWN not in parts else rdv_status
    active = [part for part in parts if part in ACTIVE]
    if not parts:
        return rdv_status
    if not active:
        return REVOKED if all(part == REVOKED for part in parts) else EXCUSED
    return NOSHOW if all(part == NOSHOW for part in active) else UNKNOWN
