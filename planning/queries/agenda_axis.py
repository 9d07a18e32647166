"""Which hours and days the calendar draws: 7 to 20, Monday to Friday, and more when it is used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from planning.queries.agenda import Agenda

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
    spans = list(_spans(agenda))
    hours = [_hours(agenda, *span) for span in spans]
    used = {day.weekday() for span in spans for day in _days(agenda, *span)}
    shown = used | {day.weekday() for day in agenda.days if len(agenda.days) == 1}
    shown |= {SATURDAY} if with_saturdays else set()
    lengths = [
        end - start
        for start, end in chain(
            ((rdv.starts_at, rdv.ends_at) for rdv in agenda.rdvs),
            ((span.period.start, span.period.end) for span in agenda.occupied),
        )
    ]
    return Axis(
        first_hour=min([FIRST_HOUR, *(first for first, _ in hours)]),
        last_hour=max([LAST_HOUR, *(last for _, last in hours)]),
        hidden_weekdays=tuple((day + 1) % 7 for day in WEEKEND if day not in shown),
        slot_minutes=15 if min(lengths, default=SHORT) < SHORT else 30,
    )


def _spans(agenda: Agenda) -> Iterator[tuple[datetime, datetime]]:
    for rdv in agenda.rdvs:
        yield rdv.starts_at, rdv.ends_at
    for occupied in agenda.occupied:
        yield occupied.period.start, occupied.period.end
    for plage in agenda.plages:
        yield plage.period.start, plage.period.end


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
