"""Dates, times, durations and phones in templates. Instants follow the active time zone."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language

from rdv.common.french import day_text, duration_text, instant_text, time_text
from rdv.common.languages import Typed
from rdv.common.phones import national

register = template.Library()
_HOURS = re.compile(
    r"\b(?:à )?\d{1,2} h(?: \d\d)?\b|\b(?:\d+ hr )?\d+ min\b|\b\d+ hr\b"
    r"|\b(?:at )?\d{1,2}(?::\d\d)? [ap]m\b"
)


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


@register.filter
def rdv_typed(text: object) -> str:
    """Print what an organisation typed, marked as French inside a sentence of another language."""
    if (get_language() or settings.LANGUAGE_CODE) == settings.LANGUAGE_CODE:
        return str(text)
    return format_html('<span lang="{}">{}</span>', settings.LANGUAGE_CODE, text)


@register.filter
def rdv_if_typed(text: object) -> str:
    """Print a value of a recap, marked as `rdv_typed` when an organisation typed it."""
    return rdv_typed(text) if isinstance(text, Typed) else str(text)


@register.filter
def rdv_instant(moment: datetime | None) -> str:
    """Print "mardi 24 novembre 2026 à 10 h 30"."""
    return instant_text(_local(moment)) if moment else ""


@register.filter
def rdv_day(day: date | None) -> str:
    """Print "mardi 24 novembre 2026", of a date or of an instant."""
    if not day:
        return ""
    return day_text(_local(day) if isinstance(day, datetime) else day)


@register.filter
def rdv_time(moment: datetime | time | None) -> str:
    """Print "10 h 30", of an instant or of a civil time."""
    if moment is None or moment == "":
        return ""
    return time_text(_local(moment) if isinstance(moment, datetime) else moment)


@register.filter
def rdv_unbroken(text: str) -> str:
    """Keep "9 h 45" on one line: no-break spaces inside hours, for pages only."""
    return _HOURS.sub(lambda found: found.group().replace(" ", "\u00a0"), text)


@register.filter
def rdv_duration(duration: int | timedelta | None) -> str:
    """Print "1 h 30", of a number of minutes or of a timedelta."""
    if duration is None or duration == "":
        return ""
    if isinstance(duration, timedelta):
        duration = int(duration.total_seconds()) // 60
    return duration_text(duration)


@register.filter
def rdv_phone(number: object) -> str:
    """Print "06 39 98 12 34", or "+212 …" for a foreign number; nothing when there is none."""
    return national(str(number)) if number else ""
