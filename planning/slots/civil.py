"""Civil time of one zone against instants in seconds since 1970, each conversion done once."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from planning.slots.intervals import Span

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def seconds_from(instant: datetime) -> int:
    """Return the first whole second that is not before `instant`."""
    return -((_EPOCH - instant) // _SECOND)


def seconds_until(instant: datetime) -> int:
    """Return the last whole second that is not after `instant`."""
    return (instant - _EPOCH) // _SECOND


class CivilClock:
    """Converts both ways for `zone`. Days are proleptic ordinals (`date.toordinal`)."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._instants: dict[tuple[int, time], int] = {}
        self._locals: dict[int, datetime] = {}

    def instant(self, day: int, at: time) -> int:
        """Return when it is `at` on `day`.

        A time that does not exist that day moves forward by the missing hour; one that exists
        twice is the first.
        """
        key = (day, at)
        found = self._instants.get(key)
        if found is None:
            aware = datetime.combine(date.fromordinal(day), at.replace(fold=0), self.zone)
            found = self._instants[key] = seconds_until(aware)
        return found

    def span(self, day: int, start: time, end: time, days: int) -> Span:
        """Return the instants of an occurrence; a clock change may put the end before the start."""
        return self.instant(day, start), self.instant(day + days, end)

    def local(self, instant: int) -> datetime:
        """Return the aware datetime of `instant`; equal instants give one object."""
        found = self._locals.get(instant)
        if found is None:
            found = self._locals[instant] = datetime.fromtimestamp(instant, self.zone)
        return found

    def day(self, instant: int) -> int:
        """Return the ordinal of the civil day of `instant`."""
        return self.local(instant).toordinal()
