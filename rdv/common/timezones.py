"""Civil time of a territoire <-> aware instants (decision 3). Nothing is computed in UTC days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


class Zone(models.TextChoices):
    PARIS = "Europe/Paris", _("Métropole (Paris)")
    GUADELOUPE = "America/Guadeloupe", _("Guadeloupe")
    MARTINIQUE = "America/Martinique", _("Martinique")
    GUYANE = "America/Cayenne", _("Guyane")
    REUNION = "Indian/Reunion", _("La Réunion")
    MAYOTTE = "Indian/Mayotte", _("Mayotte")
    MIQUELON = "America/Miquelon", _("Saint-Pierre-et-Miquelon")
    SAINT_BARTHELEMY = "America/St_Barthelemy", _("Saint-Barthélemy")
    SAINT_MARTIN = "America/Marigot", _("Saint-Martin")
    NOUMEA = "Pacific/Noumea", _("Nouvelle-Calédonie")
    TAHITI = "Pacific/Tahiti", _("Polynésie française")
    WALLIS = "Pacific/Wallis", _("Wallis-et-Futuna")


class HolidayZone(models.TextChoices):
    """Sets of public holidays; values are the keys of planning.slots.holidays."""

    METROPOLE = "metropole", _("Métropole")
    ALSACE_MOSELLE = "alsace-moselle", _("Alsace-Moselle")
    GUADELOUPE = "guadeloupe", _("Guadeloupe")
    MARTINIQUE = "martinique", _("Martinique")
    GUYANE = "guyane", _("Guyane")
    REUNION = "reunion", _("La Réunion")
    MAYOTTE = "mayotte", _("Mayotte")
    MIQUELON = "saint-pierre-et-miquelon", _("Saint-Pierre-et-Miquelon")
    SAINT_BARTHELEMY = "saint-barthelemy", _("Saint-Barthélemy")
    SAINT_MARTIN = "saint-martin", _("Saint-Martin")
    CALEDONIE = "nouvelle-caledonie", _("Nouvelle-Calédonie")
    POLYNESIE = "polynesie-francaise", _("Polynésie française")
    WALLIS = "wallis-et-futuna", _("Wallis-et-Futuna")


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """Return the civil day of `instant` in `zone`."""
    return instant.astimezone(zone).date()


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the instants at which `day` begins and ends in `zone` (23, 24 or 25 hours)."""
    start = datetime.combine(day, time(), zone)
    return start, datetime.combine(day + timedelta(days=1), time(), zone)
