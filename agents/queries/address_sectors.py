"""The sectors of an address, of a commune, of a URL (G15, docs/adr/0020)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from agents.models import Sector, SectorZone, ZoneLevel

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agents.models import Territoire

NONE = "aucun"
_SEPARATOR = "."
_MOST = 20


def sectors_of_address(territoire: Territoire, city_code: str, street_code: str) -> list[Sector]:
    """Return the sectors of the street when one names it, else those of its commune.

    A commune alone, without street, is in the sectors of its streets too.
    """
    if not street_code:
        return sectors_of_commune(territoire, city_code)
    zones = SectorZone.objects.filter(sector__territoire=territoire)
    rows = Sector.objects.filter(territoire=territoire)
    streets = zones.filter(level=ZoneLevel.STREET, street_code=street_code)
    found = list(rows.filter(pk__in=streets.values("sector")))
    if found:
        return found
    cities = zones.filter(level=ZoneLevel.CITY, city_code=city_code)
    return list(rows.filter(pk__in=cities.values("sector")))


def sectors_of_commune(territoire: Territoire, city_code: str) -> list[Sector]:
    """Return every sector of a commune, those of its streets too: the street is not known."""
    zones = SectorZone.objects.filter(sector__territoire=territoire, city_code=city_code)
    return list(Sector.objects.filter(territoire=territoire, pk__in=zones.values("sector")))


def communes_of(territoire: Territoire) -> list[tuple[str, str]]:
    """Return (INSEE code, name) of the communes that the zones name, by name, each once."""
    rows = SectorZone.objects.filter(sector__territoire=territoire)
    found = dict(rows.order_by("-city_name").values_list("city_code", "city_name"))
    return sorted(found.items(), key=lambda row: (row[1], row[0]))


def sectors_word(sectors: Iterable[Sector]) -> str:
    """Return how sectors are written in a URL: their random identifiers, or that there is none."""
    return _SEPARATOR.join(sorted(str(row.uuid) for row in sectors)[:_MOST]) or NONE


def sectors_named(territoire: Territoire, word: str) -> frozenset[int] | None:
    """Return the keys of what `sectors_word` wrote; None for anything else."""
    if word == NONE:
        return frozenset()
    try:
        asked = [UUID(part) for part in word.split(_SEPARATOR)[:_MOST]]
    except ValueError:
        return None
    rows = Sector.objects.filter(territoire=territoire, uuid__in=asked)
    return frozenset(rows.values_list("pk", flat=True)) or None


def sectors_kept(sector_ids: Iterable[int]) -> list[Sector]:
    """Return the rows of keys that were kept."""
    return list(Sector.objects.filter(pk__in=list(sector_ids)))


def has_sectors(territoire_ids: Iterable[int]) -> bool:
    """Tell whether one of the territoires is cut in sectors."""
    return Sector.objects.filter(territoire__in=list(territoire_ids)).exists()
