"""The table of facts worked out by hand: slots (S), occurrences (R), overlaps (V)."""

import pytest

from tests.unit.slots.cases import load, run_occurrence_case, run_overlap_case, run_slot_case


def _name(case: dict) -> str:
    return f"{case['id']}-{case['description']}"


@pytest.mark.parametrize("case", load("cases"), ids=_name)
def test_slot_case(case):
    assert run_slot_case(case) == case["expected"]


@pytest.mark.parametrize("case", load("occurrence_cases"), ids=_name)
def test_occurrence_case(case):
    assert run_occurrence_case(case) == case["expected"]


@pytest.mark.parametrize("case", load("overlap_cases"), ids=_name)
def test_overlap_case(case):
    assert run_overlap_case(case) is case["expected"]


def test_the_table_is_complete():
    assert [len(load(kind)) for kind in ("cases", "occurrence_cases", "overlap_cases")] == [
        67,
        12,
        20,
    ]
