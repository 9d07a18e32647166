"""E01: the URL of the agenda says view, day, filters and agendas; preferences say the rest."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.http import QueryDict

from planning.forms.agenda_state import Defaults, parse_state

TODAY = date(2026, 11, 24)
UUID_1, UUID_2 = UUID(int=1), UUID(int=2)


def state(query="", **defaults):
    return parse_state(QueryDict(query), today=TODAY, defaults=Defaults(**defaults))


def test_E01_without_a_word_the_preferences_decide():
    found = state(view="mois", with_saturdays=True, with_cancelled=False)
    assert (found.view, found.day) == ("mois", TODAY)
    assert (found.with_saturdays, found.with_cancelled) == (True, False)


def test_E01_the_url_wins_over_the_preferences():
    found = state("vue=jour&date=2026-12-01&annules=1&samedis=0", view="mois", with_saturdays=True,
                  with_cancelled=False)  # fmt: skip
    assert (found.view, found.day) == ("jour", date(2026, 12, 1))
    assert (found.with_saturdays, found.with_cancelled) == (False, True)


@pytest.mark.parametrize("query", ["vue=siècle&date=demain&annules=oui", "date=0001-01-01"])
def test_E01_nonsense_is_as_if_unsaid(query):
    assert state(query) == state()


def test_E01_agendas_beside_are_kept_once_and_nonsense_left_out():
    found = state(f"avec={UUID_2}&avec={UUID_1}&avec={UUID_2}&avec=x&equipe={UUID_1}")
    assert found.others == (UUID_2, UUID_1)
    assert found.equipes == (UUID_1,)


def test_E01_the_query_string_is_read_back():
    found = state(f"vue=mois&date=2026-12-01&annules=0&samedis=1&avec={UUID_1}&equipe={UUID_2}")
    assert state(found.query) == found


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("vue=jour&date=2026-11-24", "2026-11-24", "2026-11-24"),
        ("vue=semaine&date=2026-11-24", "2026-11-23", "2026-11-29"),
        ("vue=liste&date=2026-11-29", "2026-11-23", "2026-11-29"),
        ("vue=mois&date=2026-11-24", "2026-10-26", "2026-12-06"),
        ("vue=mois&date=2027-02-28", "2027-02-01", "2027-02-28"),
        ("vue=mois&date=2027-08-15", "2027-07-26", "2027-09-05"),
    ],
)
def test_E01_days_of_each_view(query, first, last):
    found = state(query)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("query", "steps", "day"),
    [
        ("vue=jour&date=2026-12-31", 1, "2027-01-01"),
        ("vue=semaine&date=2026-12-31", -1, "2026-12-24"),
        ("vue=mois&date=2026-12-31", 1, "2027-01-01"),
        ("vue=mois&date=2027-01-31", -1, "2026-12-01"),
        ("vue=mois&date=2027-01-31", 1, "2027-02-01"),
    ],
)
def test_E01_previous_and_next(query, steps, day):
    assert state(query).moved(steps).day.isoformat() == day
