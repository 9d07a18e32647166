"""Dates as people read them: in full, in French, in the zone of the territoire."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def day_text(day: date) -> str:
    """Return "mardi 24 novembre 2026", "mardi 1er décembre 2026"."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{WEEKDAYS[day.weekday()]} {number} {MONTHS[day.month - 1]} {day.year}"


def time_text(instant: datetime, zone: ZoneInfo) -> str:
    """Return "10 h 30", "9 h"."""
    local = instant.astimezone(zone)
    minutes = f" {local.minute:02}" if local.minute else ""
    return f"{local.hour} h{minutes}"


def instant_text(instant: datetime, zone: ZoneInfo, *, about: bool = False) -> str:
    """Return "mardi 24 novembre 2026 à 10 h 30"; "vers 10 h 30" when `about` (home visits)."""
    word = "vers" if about else "à"
    return f"{day_text(instant.astimezone(zone).date())} {word} {time_text(instant, zone)}"


def instant_short(instant: datetime, zone: ZoneInfo, *, about: bool = False) -> str:
    """Return what fits an SMS: "mardi 24/11 à 10h30"."""
    local = instant.astimezone(zone)
    word = "vers" if about else "à"
    return f"{WEEKDAYS[local.weekday()]} {local:%d/%m} {word} {local.hour}h{local:%M}"
