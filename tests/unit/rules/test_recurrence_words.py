"""E02, E03: a rule in words."""

from __future__ import annotations

from datetime import date, time

import pytest

from planning.rules.recurrence_words import rank_in_month, recurrence_words

MONDAY = date(2027, 1, 11)

CASES = [
    ({}, "Le lundi 11 janvier 2027, de 9 h à 12 h"),
    ({"start": time(9, 5)}, "Le lundi 11 janvier 2027, de 9 h 05 à 12 h"),
    (
        {"frequency": "weekly", "weekdays": [0]},
        "Toutes les semaines, le lundi, de 9 h à 12 h, à partir du lundi 11 janvier 2027",
    ),
    (
        {"frequency": "weekly", "interval": 2, "weekdays": [3, 0], "until": date(2027, 3, 1)},
        (
            "Toutes les 2 semaines, le lundi et le jeudi, de 9 h à 12 h, à partir du lundi "
            "11 janvier 2027, jusqu’au lundi 1er mars 2027"
        ),
    ),
    (
        {"frequency": "weekly", "weekdays": [0, 1, 2, 3, 4]},
        (
            "Toutes les semaines, du lundi au vendredi, de 9 h à 12 h, à partir du lundi "
            "11 janvier 2027"
        ),
    ),
    (
        {"frequency": "weekly", "weekdays": [0, 1, 2, 3, 4, 5, 6]},
        "Tous les jours, de 9 h à 12 h, à partir du lundi 11 janvier 2027",
    ),
    (
        {"frequency": "weekly", "weekdays": [0, 2, 4]},
        (
            "Toutes les semaines, le lundi, le mercredi et le vendredi, de 9 h à 12 h, à partir du "
            "lundi 11 janvier 2027"
        ),
    ),
    (
        {"frequency": "weekly"},
        "Toutes les semaines, le lundi, de 9 h à 12 h, à partir du lundi 11 janvier 2027",
    ),
    (
        {"frequency": "monthly_weekday", "rank": -1},
        "Tous les mois, le dernier lundi, de 9 h à 12 h, à partir du lundi 11 janvier 2027",
    ),
    (
        {"frequency": "monthly_weekday", "interval": 3},
        "Tous les 3 mois, le deuxième lundi, de 9 h à 12 h, à partir du lundi 11 janvier 2027",
    ),
    (
        {"frequency": "monthly_day", "first_day": date(2027, 2, 1)},
        "Tous les mois, le 1er, de 9 h à 12 h, à partir du lundi 1er février 2027",
    ),
    (
        {"start": time(), "end": time(), "days": 1},
        "Le lundi 11 janvier 2027, toute la journée",
    ),
    (
        {"start": time(), "end": time(), "days": 5},
        "Du lundi 11 janvier 2027 au vendredi 15 janvier 2027, toute la journée",
    ),
    ({"days": 2}, "Du lundi 11 janvier 2027 à 9 h au mercredi 13 janvier 2027 à 12 h"),
    (
        {"frequency": "monthly_day", "days": 1},
        "Tous les mois, le 11, de 9 h à 12 h le lendemain, à partir du lundi 11 janvier 2027",
    ),
    (
        {"frequency": "monthly_day", "days": 3},
        "Tous les mois, le 11, de 9 h à 12 h 3 jours plus tard, à partir du lundi 11 janvier 2027",
    ),
    (
        {"frequency": "monthly_day", "days": 1, "start": time(), "end": time()},
        "Tous les mois, le 11, toute la journée, à partir du lundi 11 janvier 2027",
    ),
    (
        {"frequency": "monthly_day", "days": 2, "start": time(), "end": time()},
        "Tous les mois, le 11, pendant 2 jours entiers, à partir du lundi 11 janvier 2027",
    ),
]


@pytest.mark.parametrize(("rule", "words"), CASES, ids=[words for _, words in CASES])
def test_E02_E03_rule_in_words(rule, words):
    values = {"first_day": MONDAY, "start": time(9), "end": time(12), **rule}
    assert recurrence_words(**values) == words


@pytest.mark.parametrize(("day", "rank"), [(1, 1), (7, 1), (8, 2), (28, 4), (29, 5), (31, 5)])
def test_E02_rank_of_a_day_in_its_month(day, rank):
    assert rank_in_month(date(2027, 1, day)) == rank
