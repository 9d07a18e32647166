"""Scenario 79: each password is refused for its reason, in French."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from rdv.accounts.models import Account


@pytest.mark.parametrize(
    ("password", "reasons"),
    [
        ("unmotdepasse", {"password_too_common", "password_character_kinds"}),
        ("correcthorsebattery", {"password_character_kinds"}),
        ("q1w2e3r4t5y6", {"password_too_common", "password_character_kinds"}),
        ("tropcourt", {"password_too_short", "password_character_kinds"}),
        ("M0tDePasse2027!", {"password_too_common"}),
        ("!Azertyuiop123", {"password_too_common"}),
        ("Préfecture-2027", {"password_too_common"}),
        ("A1!" + "é" * 126, {"password_too_long"}),
        ("Léa.durand@mairie.fr1", {"password_too_similar"}),
        ("Correcth0rsebattery!", set()),
        ("Été-2027-à-la-plage", set()),
    ],
)
def test_79_each_password_is_refused_for_its_reason(password, reasons):
    account = Account(kind="agent", email="lea.durand@mairie.fr")
    if not reasons:
        validate_password(password, account)
        return
    with pytest.raises(ValidationError) as refusal:
        validate_password(password, account)
    assert {error.code for error in refusal.value.error_list} == reasons


def test_79_of_a_password_without_end_only_the_length_is_said():
    """Its digits were read once for each of them: a signed-in person could hold a process."""
    with pytest.raises(ValidationError) as refusal:
        validate_password("a" + "1" * 300_000 + "A!a", Account(kind="agent", email="lea@x.fr"))
    assert {error.code for error in refusal.value.error_list} == {"password_too_long"}
