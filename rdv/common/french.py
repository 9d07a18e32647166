"""Days, times, durations as French people write them. Ordinary spaces: an SMS stays GSM-7.

The words follow the language of the page or of the message, and so does the clock: an English
reader finds « 14 h 30 » as "2:30 pm".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.dateformat import format as django_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from datetime import date, datetime, time

MINUTES_PER_HOUR = 60
NOON = 12


def day_text(day: date) -> str:
    """Return "mardi 24 novembre 2026"; the first of a month is "1er"."""
    number = _("1er") if day.day == 1 else str(day.day)
    return f"{django_format(day, 'l')} {number} {django_format(day, 'F Y')}"


def period_text(first: date, last: date) -> str:
    """Return "du lundi 23 au dimanche 29 novembre 2026", or the day alone when there is one."""
    if first == last:
        return day_text(first)
    number = _("1er") if first.day == 1 else str(first.day)
    start = f"{django_format(first, 'l')} {number}"
    if first.year != last.year:
        start = day_text(first)
    elif first.month != last.month:
        start = f"{start} {django_format(first, 'F')}"
    return _("du %(first)s au %(last)s") % {"first": start, "last": day_text(last)}


def month_text(day: date) -> str:
    """Return "novembre 2026"."""
    return django_format(day, "F Y")


def time_text(moment: datetime | time) -> str:
    """Return "10 h 30", or "10 h" on the hour: the clock of `moment`, whatever its zone.

    In English "10:30 am", "10 am", "2 pm", "midday", "midnight".
    """
    if _is_english():
        return _english_time(moment)
    return f"{moment.hour} h {moment:%M}" if moment.minute else f"{moment.hour} h"


def time_short(moment: datetime | time) -> str:
    """Return what fits an SMS: "10h30"; in English "10:30am"."""
    if _is_english():
        return _english_time(moment).replace(" ", "")
    return f"{moment.hour}h{moment:%M}"


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def _english_time(moment: datetime | time) -> str:
    if moment.hour in {0, NOON} and not moment.minute:
        return "midday" if moment.hour else "midnight"
    hour = moment.hour % NOON or NOON
    clock = f"{hour}:{moment:%M}" if moment.minute else str(hour)
    return f"{clock} {'pm' if moment.hour >= NOON else 'am'}"


def instant_text(moment: datetime) -> str:
    """Return "mardi 24 novembre 2026 à 10 h 30", by the clock of `moment`."""
    return _("%(day)s à %(time)s") % {"day": day_text(moment), "time": time_text(moment)}


def duration_text(minutes: int) -> str:
    """Return "45 min", "1 h" or "1 h 30"; in English "45 min", "1 hr" or "1 hr 30 min"."""
    hours, rest = divmod(minutes, MINUTES_PER_HOUR)
    if hours and _is_english():
        return f"{hours} hr {rest} min" if rest else f"{hours} hr"
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"
