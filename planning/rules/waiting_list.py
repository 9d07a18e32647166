"""When the waiting list speaks, and how long a créneau is kept for one person (decision 28).

Pure: the caller says which days are holidays.
"""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    IsHoliday = Callable[[date], bool]

# By the clock of the territoire; the last offer leaves before 20:00. Working days are Monday to
# Friday: people answer on the days when the service works, and Saturdays are for few of them.
OPENS, CLOSES = time(8), time(20)
_SATURDAY = 5

HELD = timedelta(hours=2)
# An offer that leaves less time to answer only disappoints.
LEAST_HELD = timedelta(minutes=15)

# Whose RDV is farther than this may ask for an earlier date, until two days before it.
FAR = timedelta(days=7)
EARLIER_BY = timedelta(days=2)

# Who accepts without a RDV types their name, opens their mail: meanwhile nothing else is offered.
TO_FINISH = timedelta(hours=1)
# Whoever found nothing is forgotten after six months, as the message says.
WAITS = timedelta(days=183)


def may_offer(now: datetime, *, zone: ZoneInfo, is_holiday: IsHoliday) -> bool:
    """Tell whether an offer may leave at this instant: a working day, from 8:00 to 20:00."""
    local = now.astimezone(zone)
    day = local.date()
    if day.weekday() >= _SATURDAY or is_holiday(day):
        return False
    return OPENS <= local.time() < CLOSES


def held_until(now: datetime, starts_at: datetime, *, min_delay: timedelta) -> datetime | None:
    """Return until when a créneau offered now is kept: two hours, or the minimum delay before it.

    None when that leaves too little time to answer.
    """
    end = min(now + HELD, starts_at - min_delay)
    return end if end - now >= LEAST_HELD else None


def refusal_to_wait(
    *,
    starts_at: datetime,
    motif_waits: bool,
    is_at_home: bool,
    is_told: bool,
    refusal_to_move: str | None,
    now: datetime,
) -> str | None:
    """Return why a RDV cannot wait for an earlier date, in French, or None when it can.

    `is_told`: the motif may tell its usagers something, and they can be reached.
    """
    if not motif_waits or is_at_home or not is_told:
        return "Ce rendez-vous n’a pas de liste d’attente."
    if starts_at - now <= FAR:
        return "Votre rendez-vous est dans moins de sept jours."
    return refusal_to_move


def is_new(starts_at: datetime, known: Iterable[datetime], *, duration: timedelta) -> bool:
    """Tell whether a créneau is on time that was not free before: the grid may have moved on."""
    return all(abs(starts_at - other) >= duration for other in known)


def still_known(
    known: Iterable[datetime], free: Iterable[datetime], *, duration: timedelta
) -> list[datetime]:
    """Return the known starts that are still free; those that were taken are news when freed."""
    now_free = list(free)
    return [start for start in known if not is_new(start, now_free, duration=duration)]
