"""French public holidays, computed for any year, by zone of the territoire."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from holidays.countries.france import France

ZONES: Final[dict[str, str | None]] = {
    "metropole": None,
    "alsace-moselle": "57",
    "guadeloupe": "971",
    "martinique": "972",
    "guyane": "973",
    "reunion": "974",
    "mayotte": "976",
    "saint-pierre-et-miquelon": "PM",
    "saint-barthelemy": "BL",
    "saint-martin": "MF",
    "polynesie-francaise": "PF",
    "nouvelle-caledonie": "NC",
    "wallis-et-futuna": "WF",
}
"""Zone of a territoire → subdivision of the package `holidays`."""


@lru_cache(maxsize=256)
def holiday_names(zone: str, year: int) -> Mapping[date, str]:
    """Return the public holidays of a year with their names in French.

    Raises KeyError for a zone that is not in ZONES.
    """
    subdivision = ZONES[zone]
    return MappingProxyType(dict(France(subdiv=subdivision, years=year, language="fr")))


@lru_cache(maxsize=256)
def public_holidays(zone: str, year: int) -> frozenset[date]:
    """Return the public holidays of a year. Raises KeyError for a zone that is not in ZONES."""
    return frozenset(holiday_names(zone, year))


def holidays_between(zone: str, first: date, last: date) -> frozenset[date]:
    """Return the public holidays of every year that `first`..`last` touches."""
    years = range(first.year, last.year + 1)
    return frozenset().union(*(public_holidays(zone, year) for year in years))
