"""A recurrence in words, as an agent would say it. French is the domain's language here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, time

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
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
RANKS = {
    1: "premier",
    2: "deuxième",
    3: "troisième",
    4: "quatrième",
    5: "cinquième",
    -1: "dernier",
}
_WORKING_DAYS = [0, 1, 2, 3, 4]
_RUN = 3  # « du lundi au mercredi » from three days on


def rank_in_month(day: date) -> int:
    """Return 1 for the first Monday (Tuesday…) of its month, up to 5."""
    return (day.day - 1) // 7 + 1


def recurrence_words(
    *,
    first_day: date,
    start: time,
    end: time,
    days: int = 0,
    frequency: str = "none",
    interval: int = 1,
    weekdays: Collection[int] = (),
    rank: int | None = None,
    until: date | None = None,
) -> str:
    """Return the rule in words: « Toutes les 2 semaines, le lundi, de 9 h à 12 h, … ».

    `days` is the number of midnights between start and end; from 0 h to 0 h is whole days.
    """
    if frequency == "none":
        return _once(first_day, start, end, days)
    match frequency:
        case "weekly":
            which = _weekly(interval, sorted(weekdays) or [first_day.weekday()])
        case "monthly_weekday":
            name = DAYS[first_day.weekday()]
            which = f"{_every(interval)}, le {RANKS[rank or rank_in_month(first_day)]} {name}"
        case _:
            which = f"{_every(interval)}, le {_ordinal(first_day.day)}"
    text = f"{which}, {_hours(start, end, days)}, à partir du {_day(first_day)}"
    return f"{text}, jusqu’au {_day(until)}" if until else text


def _once(first_day: date, start: time, end: time, days: int) -> str:
    if _is_whole_days(start, end, days):
        last_day = first_day.fromordinal(first_day.toordinal() + days - 1)
        if days == 1:
            return f"Le {_day(first_day)}, toute la journée"
        return f"Du {_day(first_day)} au {_day(last_day)}, toute la journée"
    if days:
        last_day = first_day.fromordinal(first_day.toordinal() + days)
        return f"Du {_day(first_day)} à {_time(start)} au {_day(last_day)} à {_time(end)}"
    return f"Le {_day(first_day)}, {_hours(start, end, days)}"


def _weekly(interval: int, weekdays: list[int]) -> str:
    if interval == 1 and len(weekdays) == len(DAYS):
        return "Tous les jours"
    every = "Toutes les semaines" if interval == 1 else f"Toutes les {interval} semaines"
    return f"{every}, {_weekday_words(weekdays)}"


def _weekday_words(weekdays: list[int]) -> str:
    if len(weekdays) >= _RUN and weekdays == list(range(weekdays[0], weekdays[-1] + 1)):
        return f"du {DAYS[weekdays[0]]} au {DAYS[weekdays[-1]]}"
    names = [f"le {DAYS[day]}" for day in weekdays]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}"


def _every(interval: int) -> str:
    return "Tous les mois" if interval == 1 else f"Tous les {interval} mois"


def _hours(start: time, end: time, days: int) -> str:
    if _is_whole_days(start, end, days):
        return "toute la journée" if days == 1 else f"pendant {days} jours entiers"
    if days == 0:
        return f"de {_time(start)} à {_time(end)}"
    later = "le lendemain" if days == 1 else f"{days} jours plus tard"
    return f"de {_time(start)} à {_time(end)} {later}"


def _is_whole_days(start: time, end: time, days: int) -> bool:
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    return days > 0 and start == end == midnight


def _day(day: date) -> str:
    return f"{DAYS[day.weekday()]} {_ordinal(day.day)} {MONTHS[day.month - 1]} {day.year}"


def _ordinal(number: int) -> str:
    return "1er" if number == 1 else str(number)


def _time(at: time) -> str:
    return f"{at.hour} h {at.minute:02d}" if at.minute else f"{at.hour} h"
