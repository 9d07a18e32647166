"""Which hours and days the calendar draws: 7 to 20, Monday to Friday, and more when it is used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from planning.queries.agenda import Agenda, OccupiedSpan, PlageSpan

FIRST_HOUR, LAST_HOUR, MIDNIGHT = 7, 20, 24
WEEKEND = (5, 6)
SATURDAY = 5
SHORT = timedelta(minutes=30)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Axis:
    """Hours of a day, the last excluded; weekdays not drawn (0 = Sunday, as in JavaScript).

    `slot_minutes` is the height of a line: short RDVs need finer ones to show their names.
    """

    first_hour: int
    last_hour: int
    hidden_weekdays: tuple[int, ...]
    slot_minutes: int


def axis_of(agenda: Agenda, *, with_saturdays: bool = False) -> Axis:
    """Return the axis that hides no RDV, no occupied time and no plage."""
    held = {*((rdv.starts_at, rdv.ends_at) for rdv in agenda.rdvs), *_utc(agenda.occupied)}
    spans = held | set(_utc(agenda.plages))
    hours = [_hours(agenda, *span) for span in spans]
    used = {day.weekday() for span in spans for day in _days(agenda, *span)}
    shown = used | {day.weekday() for day in agenda.days if len(agenda.days) == 1}
    shown |= {SATURDAY} if with_saturdays else set()
    lengths = [end - start for start, end in held]
    return Axis(
        first_hour=min([FIRST_HOUR, *(first for first, _ in hours)]),
        last_hour=max([LAST_HOUR, *(last for _, last in hours)]),
        hidden_weekdays=tuple((day + 1) % 7 for day in WEEKEND if day not in shown),
        slot_minutes=15 if min(lengths, default=SHORT) < SHORT else 30,
    )


def _utc(
    spans: Iterable[OccupiedSpan | PlageSpan],
) -> Iterator[tuple[datetime, datetime]]:
    """Yield bounds that are equal when they are the same instants: colleagues share many."""
    for span in spans:
        yield span.period.start.astimezone(UTC), span.period.end.astimezone(UTC)


def _days(agenda: Agenda, start: datetime, end: datetime) -> list[date]:
    """Return the shown days that the span touches."""
    days = agenda.days
    first = max(local_day(start, days.zone), days.first)
    last = min(local_day(end.astimezone(UTC) - timedelta(microseconds=1), days.zone), days.last)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _hours(agenda: Agenda, start: datetime, end: datetime) -> tuple[int, int]:
    """Return the first and last hours that the span needs; a night needs the whole day."""
    zone = agenda.days.zone
    first, last = start.astimezone(zone), (end.astimezone(UTC) - timedelta(microseconds=1))
    last = last.astimezone(zone)
    if first.date() != last.date():
        return 0, MIDNIGHT
    return first.hour, last.hour + 1
