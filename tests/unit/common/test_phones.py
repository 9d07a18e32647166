"""Telephones as people type them, in every French numbering plan."""

from __future__ import annotations

import pytest

from rdv.common.phones import is_mobile, parse_phone


@pytest.mark.parametrize(
    ("typed", "stored", "mobile"),
    [
        ("06 12 34 56 78", "+33612345678", True),
        ("0692 12 34 56", "+262692123456", True),
        ("03.21.00.00.00", "+33321000000", False),
        ("01 99 00 12 34", "+33199001234", False),
        ("06 39 98 12 34", "+33639981234", True),
    ],
    ids=["métropole", "La Réunion", "landline", "fiction landline", "fiction mobile"],
)
def test_a_number_is_stored_in_one_form(typed, stored, mobile):
    assert parse_phone(typed) == stored
    assert is_mobile(stored) is mobile


@pytest.mark.parametrize("typed", ["", "bonjour", "06 39 98 12 3", "06 39 98 12 345", "12"])
def test_what_is_no_number_is_refused(typed):
    assert parse_phone(typed) is None
