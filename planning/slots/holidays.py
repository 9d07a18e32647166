"""French public holidays, computed for any year, by zone of the territoire."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from holidays.countries.france import France

ZONES: Final[dict[str, tuple[str, str | None]]] = {
    "metropole": ("Métropole", None),
    "alsace-moselle": ("Alsace-Moselle", "57"),
    "guadeloupe": ("Guadeloupe", "971"),
    "martinique": ("Martinique", "972"),
    "guyane": ("Guyane", "973"),
    "reunion": ("La Réunion", "974"),
    "mayotte": ("Mayotte", "976"),
    "saint-pierre-et-miquelon": ("Saint-Pierre-et-Miquelon", "PM"),
    "saint-barthelemy": ("Saint-Barthélemy", "BL"),
    "saint-martin": ("Saint-Martin", "MF"),
    "polynesie": ("Polynésie française", "PF"),
    "nouvelle-caledonie": ("Nouvelle-Calédonie", "NC"),
    "wallis-et-futuna": ("Wallis-et-Futuna", "WF"),
}
"""Zone → (name to show, subdivision of the package `holidays`)."""


@lru_cache(maxsize=256)
def holiday_names(zone: str, year: int) -> Mapping[date, str]:
    """Return the public holidays of a year with their names in French.

    Raises KeyError for a zone that is not in ZONES.
    """
    subdivision = ZONES[zone][1]
    return MappingProxyType(dict(France(subdiv=subdivision, years=year, language="fr")))


@lru_cache(maxsize=256)
def public_holidays(zone: str, year: int) -> frozenset[date]:
    """Return the public holidays of a year. Raises KeyError for a zone that is not in ZONES."""
    return frozenset(holiday_names(zone, year))


def holidays_between(zone: str, first: date, last: date) -> frozenset[date]:
    """Return the public holidays of every year that `first`..`last` touches."""
    years = range(first.year, last.year + 1)
    return frozenset().union(*(public_holidays(zone, year) for year in years))
