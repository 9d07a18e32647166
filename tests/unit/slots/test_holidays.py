"""Public holidays are computed, by zone."""

from datetime import date

import pytest

from planning.slots.holidays import ZONES, holiday_names, holidays_between, public_holidays
from rdv.common.timezones import HolidayZone


def test_eleven_days_in_metropole():
    assert len(public_holidays("metropole", 2027)) == 11
    assert date(2027, 3, 29) in public_holidays("metropole", 2027)
    assert holiday_names("metropole", 2027)[date(2027, 3, 29)] == "Lundi de Pâques"


@pytest.mark.parametrize("zone", ZONES)
def test_every_zone_has_the_national_days(zone):
    assert public_holidays("metropole", 2032) <= public_holidays(zone, 2032)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("alsace-moselle", date(2026, 4, 3)),
        ("alsace-moselle", date(2026, 12, 26)),
        ("guadeloupe", date(2026, 5, 27)),
        ("martinique", date(2026, 5, 22)),
        ("guyane", date(2026, 6, 10)),
        ("reunion", date(2026, 12, 20)),
        ("mayotte", date(2026, 4, 27)),
        ("saint-barthelemy", date(2026, 10, 9)),
        ("saint-martin", date(2026, 5, 28)),
        ("nouvelle-caledonie", date(2026, 9, 24)),
    ],
)
def test_days_of_a_zone(zone, day):
    assert day in public_holidays(zone, 2026)
    assert day not in public_holidays("metropole", 2026)


def test_a_range_covers_every_year_it_touches():
    days = holidays_between("metropole", date(2026, 12, 31), date(2027, 1, 1))
    assert days == public_holidays("metropole", 2026) | public_holidays("metropole", 2027)


def test_a_territoire_can_choose_exactly_these_zones():
    assert set(HolidayZone.values) == set(ZONES)


def test_an_unknown_zone_is_refused():
    with pytest.raises(KeyError):
        public_holidays("atlantide", 2026)


def test_shared_names_cannot_be_changed():
    with pytest.raises(TypeError):
        holiday_names("metropole", 2026)[date(2026, 1, 2)] = "Lendemain"
