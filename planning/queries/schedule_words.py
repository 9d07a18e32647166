"""A row of the planning, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from planning.rules.recurrence_words import recurrence_words
from rdv.common.french import day_text

if TYPE_CHECKING:
    from datetime import date

    from planning.models import PlageOuverture, Recurring


def words_of(row: Recurring, days: int = 0) -> str:
    """Return the rule of a plage or of an indisponibilité, whose first one lasts `days` nights."""
    return recurrence_words(
        first_day=row.first_day,
        start=row.start_time,
        end=row.end_time,
        days=days,
        frequency=row.frequency,
        interval=row.interval,
        weekdays=row.weekdays,
        rank=row.month_rank,
        until=row.recurrence_ends_on,
    )


def replaced_words(plage: PlageOuverture) -> str:
    """Return which date of which series the plage takes the place of, or "" for another plage.

    Reads `plage.replaces.plage`, which lists should select.
    """
    replaced = plage.replaces
    return replaced_date_words(replaced.day, replaced.plage.title) if replaced else ""


def replaced_date_words(day: date, title: str) -> str:
    """Return that a plage takes the place of `day` of the series `title`, which may be ""."""
    if not title:
        return _("Date modifiée de la série : remplace le %(day)s") % {"day": day_text(day)}
    words = _("Date modifiée de la série « %(title)s » : remplace le %(day)s")
    return words % {"title": title, "day": day_text(day)}
