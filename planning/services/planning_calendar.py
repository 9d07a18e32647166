"""A plage or an indisponibilité as a calendar of the outside knows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from notifications.ics import Appointment, Series
from planning.queries.schedules import indisponibilite_schedule, plage_schedule
from planning.slots.recurrence import days_between, occurs_on
from planning.slots.types import Frequency, Recurrence, Schedule

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from planning.models import Indisponibilite, PlageOuverture

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# Every 52 months on a fifth Monday: the first one may be far, and the form has found one.
_LOOKED_FOR = timedelta(days=366 * 40)


def plage_series(plage: PlageOuverture, *, summary: str, description: str, url: str) -> Series:
    """Reads `plage.exceptions`, `plage.lieu` and the zone of the territoire."""
    lieu = plage.lieu
    return series_of(
        plage_schedule(plage),
        zone=plage.organisation.territoire.zone,
        appointment=_appointment(
            plage,
            zone=plage.organisation.territoire.timezone,
            summary=summary,
            location=f"{lieu.name}, {lieu.address}" if lieu else "",
            description=description,
            url=url,
        ),
    )


def indisponibilite_series(row: Indisponibilite, *, summary: str, url: str) -> Series:
    return series_of(
        indisponibilite_schedule(row),
        zone=row.territoire.zone,
        appointment=_appointment(row, zone=row.territoire.timezone, summary=summary, url=url),
    )


def series_of(schedule: Schedule, *, zone: ZoneInfo, appointment: Appointment) -> Series:
    """Return the series that gives the days of `schedule`, exceptions apart and then applied.

    DTSTART must be an occurrence (RFC 5545 §3.8.5.3): the first day that the rule gives, whatever
    the first day of the row. Keeps the identity of `appointment`, sets its times.
    """
    rule = schedule.rule
    days = days_between(rule, rule.first_day, rule.until or rule.first_day + _LOOKED_FOR)
    first = days[0] if days else rule.first_day
    starts_at, ends_at = _times(schedule, first, zone)
    return Series(
        appointment=replace(appointment, starts_at=starts_at, ends_at=ends_at),
        rule=rrule(rule, schedule.start, zone),
        excluded=tuple(
            _at(day, schedule.start, zone)
            for day in sorted(schedule.excluded)
            if occurs_on(rule, day)
        ),
        moved=tuple(
            (
                _at(change.day, schedule.start, zone),
                _at(change.new_day, change.start, zone),
                _at(change.new_day + timedelta(days=change.days), change.end, zone),
            )
            for change in sorted(schedule.changed, key=lambda change: change.day)
            if occurs_on(rule, change.day)
        ),
    )


def rrule(rule: Recurrence, start: time, zone: ZoneInfo) -> dict[str, Any]:
    """Return the parts of the RRULE, empty for a single day. Weeks begin on Monday."""
    first = rule.first_day
    parts: dict[str, Any]
    match rule.frequency:
        case Frequency.NONE:
            return {}
        case Frequency.WEEKLY:
            days = sorted(rule.weekdays) or [first.weekday()]
            parts = {"FREQ": "WEEKLY", "BYDAY": [_WEEKDAYS[day] for day in days], "WKST": "MO"}
        case Frequency.MONTHLY_WEEKDAY:
            rank = rule.rank or (first.day - 1) // 7 + 1
            weekday = min(rule.weekdays, default=first.weekday())
            parts = {"FREQ": "MONTHLY", "BYDAY": f"{rank}{_WEEKDAYS[weekday]}"}
        case _:
            parts = {"FREQ": "MONTHLY", "BYMONTHDAY": first.day}
    parts["INTERVAL"] = rule.interval
    if rule.until:
        # In UTC, as DTSTART has a zone: the start of the last possible day, itself included.
        parts["UNTIL"] = _at(rule.until, start, zone).astimezone(UTC)
    return parts


def _appointment(
    row: PlageOuverture | Indisponibilite, *, zone: str, summary: str, url: str, **more: str
) -> Appointment:
    start = datetime.combine(row.first_day, row.start_time, UTC)  # set by `series_of`
    return Appointment(
        uid=str(row.uuid),
        sequence=row.ics_sequence,
        starts_at=start,
        ends_at=start,
        zone=zone,
        summary=summary,
        url=url,
        **more,
    )


def _times(schedule: Schedule, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    end_day = day + timedelta(days=schedule.days)
    return _at(day, schedule.start, zone), _at(end_day, schedule.end, zone)


def _at(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone)
