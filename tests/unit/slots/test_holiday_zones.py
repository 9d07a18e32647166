"""Decision 4: every zone that a territoire may choose has its public holidays."""

from __future__ import annotations

from planning.slots.holidays import ZONES, holiday_names
from rdv.common.timezones import HolidayZone


def test_every_zone_of_a_territoire_is_known_to_the_engine():
    assert set(HolidayZone.values) == set(ZONES)


def test_every_zone_has_new_year_and_the_national_day():
    for zone in HolidayZone.values:
        days = {(day.month, day.day) for day in holiday_names(zone, 2027)}
        assert {(1, 1), (7, 14)} <= days, zone
