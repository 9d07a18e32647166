"""Public booking closed until a day, for an organisation or a motif (G11).

The day is one of the territoire's civil days: booking reopens when it begins, by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from motifs.rules.bookable import Reason

if TYPE_CHECKING:
    from datetime import date


class Suspendable(Protocol):
    @property
    def booking_suspended_until(self) -> date | None: ...
    @property
    def suspension_message(self) -> str: ...


@dataclass(frozen=True)
class Suspension:
    """`until`: the day it reopens. `message`: what was written for usagers, "" when nothing."""

    until: date
    message: str = ""


def suspension_reason(day: str) -> Reason:
    """Say it to agents; `day`: when it reopens, in words."""
    return Reason(f"La réservation en ligne est suspendue jusqu’au {day}.", "suspension")


def suspension_on(today: date, *scopes: Suspendable) -> Suspension | None:
    """Return what closes booking on `today`: of several, the one that lasts longest, or None.

    Without a message of its own it takes that of another.
    """
    found = sorted(
        (
            Suspension(scope.booking_suspended_until, scope.suspension_message)
            for scope in scopes
            if scope.booking_suspended_until and scope.booking_suspended_until > today
        ),
        key=lambda each: each.until,
        reverse=True,
    )
    if not found:
        return None
    return Suspension(found[0].until, next((each.message for each in found if each.message), ""))
