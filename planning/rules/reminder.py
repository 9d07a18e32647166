"""When the reminder of a RDV leaves (decision 1). Pure: the caller says which days are holidays."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from zoneinfo import ZoneInfo

    IsHoliday = Callable[[date], bool]

LEAD = timedelta(hours=48)
# Both included, by the clock of the territoire.
FIRST, LAST = time(8), time(20)
# What is due at 20:00 sharp leaves with the run that follows, and the last of a large batch after.
ON_TIME = timedelta(minutes=30)
_SUNDAY = 6
_ONE_DAY = timedelta(days=1)


def due_at(starts_at: datetime, *, zone: ZoneInfo, is_holiday: IsHoliday) -> datetime:
    """Return the instant 48 hours before the start, or the nearest allowed one before it.

    48 hours are absolute: across a clock change the hour on the clock differs.
    """
    local = (starts_at.astimezone(UTC) - LEAD).astimezone(zone)
    day = local.date()
    if local.time() < FIRST:
        day -= _ONE_DAY
        local = _at(day, LAST, zone)
    elif local.time() > LAST:
        local = _at(day, LAST, zone)
    while _is_closed(day, is_holiday):
        day -= _ONE_DAY
        local = _at(day, LAST, zone)
    return local.astimezone(UTC)


def is_deserved(due: datetime, *, set_at: datetime) -> bool:
    """Whether a RDV whose start was set at `set_at` gets a reminder.

    Later than the due instant its confirmation, or the notice of its move, has just gone out.
    """
    return set_at <= due


def leaves_at(
    due: datetime, starts_at: datetime, *, now: datetime, zone: ZoneInfo, is_holiday: IsHoliday
) -> datetime | None:
    """Return when a reminder not sent yet may leave, `now` or later; None: never any more.

    After an outage what was due leaves at the next allowed instant that is still before the start,
    or at once if there is none.
    """
    if now >= starts_at:
        return None
    if now - due <= ON_TIME:
        return max(now, due)
    allowed = next_allowed(now, zone=zone, is_holiday=is_holiday)
    return allowed if allowed < starts_at else now


def next_allowed(now: datetime, *, zone: ZoneInfo, is_holiday: IsHoliday) -> datetime:
    """Return `now`, or the next morning at 8:00 on which reminders leave."""
    local = now.astimezone(zone)
    day = local.date()
    if not _is_closed(day, is_holiday):
        if FIRST <= local.time() <= LAST:
            return now
        if local.time() < FIRST:
            return _at(day, FIRST, zone).astimezone(UTC)
    day += _ONE_DAY
    while _is_closed(day, is_holiday):
        day += _ONE_DAY
    return _at(day, FIRST, zone).astimezone(UTC)


def _is_closed(day: date, is_holiday: IsHoliday) -> bool:
    return day.weekday() == _SUNDAY or is_holiday(day)


def _at(day: date, moment: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, moment, zone)
