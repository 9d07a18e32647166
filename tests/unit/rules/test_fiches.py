"""F01, F03: the rules of the fiches, without a database."""

from __future__ import annotations

from datetime import date

import pytest

from planning.rules.participation_merge import merged_status
from usagers.rules.email_address import clean_address
from usagers.rules.fiche_fields import (
    SWITCHED,
    age_text,
    columns_hidden,
    columns_shown,
    refusal_of_birth_date,
)
from usagers.rules.fiche_merge import (
    ABSORBED,
    FIELDS,
    KEPT,
    Side,
    fields_shown,
    refusal_of_choice,
    refusal_to_merge,
    sides_of,
)
from usagers.rules.invitation import refusal_to_invite

TODAY = date(2027, 1, 4)


def side(key=1, *, has_account=False, is_certified=False, has_proches=False, **values):
    columns = {column: "" for columns in FIELDS.values() for column in columns}
    columns |= {"first_name": "Léa", "last_name": "Zola", "responsable_id": None}
    return Side(
        key=key,
        values=columns | values,
        has_account=has_account,
        is_certified=is_certified,
        has_proches=has_proches,
    )


def test_F01_columns_follow_the_switches_of_the_territoire():
    assert columns_shown(["address", "notes"]) == ("address", "post_code", "city_name", "notes")
    assert set(columns_hidden(["address"])) | set(columns_shown(["address"])) == {
        column for columns in SWITCHED.values() for column in columns
    }
    assert fields_shown([]) == ("last_name", "first_name", "phone_number", "email", "responsable")


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (None, None),
        (TODAY, None),
        (date(2027, 1, 5), "futur"),
        (date(1897, 1, 4), None),
        (date(1896, 12, 31), "130 ans"),
    ],
)
def test_F01_nobody_is_born_tomorrow_nor_130_years_ago(day, says):
    refusal = refusal_of_birth_date(day, today=TODAY)
    assert refusal is None if says is None else says in refusal


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2024, 1, 4), "3 ans"),
        (date(2024, 1, 5), "35 mois"),
        (date(2026, 12, 15), "20 jours"),
        (date(2027, 1, 3), "1 jour"),
        (None, ""),
    ],
)
def test_F02_ages_are_said_as_people_say_them(day, text):
    assert age_text(day, today=TODAY) == text


def test_F01_addresses_are_mended():
    assert clean_address(" Lea.@Exemple.FR ") == "lea@exemple.fr"
    assert clean_address("yann..k@exemple.fr") == "yann.k@exemple.fr"


def test_F02_whom_to_invite():
    assert refusal_to_invite(email="a@b.fr", has_account=False, is_proche=False) is None
    assert "compte" in refusal_to_invite(email="a@b.fr", has_account=True, is_proche=False)
    assert "adresse" in refusal_to_invite(email=None, has_account=False, is_proche=False)
    assert "responsable" in refusal_to_invite(email="a@b.fr", has_account=False, is_proche=True)


def test_F03_the_only_account_and_the_only_certified_identity_win():
    kept = side(email="a@x.fr", birth_name="Roy")
    absorbed = side(2, email="b@x.fr", has_account=True, is_certified=True)
    sides = sides_of(
        {"email": KEPT, "birth_name": KEPT, "last_name": ABSORBED}, FIELDS, kept, absorbed
    )
    assert sides["email"] == sides["birth_name"] == sides["first_name"] == ABSORBED
    assert sides["last_name"] == ABSORBED  # a choice
    assert sides["caisse"] == KEPT


def test_F03_what_is_hidden_is_not_chosen_and_never_lost():
    kept, absorbed = side(case_number=""), side(2, case_number="A1", caisse="caf")
    sides = sides_of({"case_number": KEPT, "caisse": KEPT}, ("caisse",), kept, absorbed)
    assert sides["case_number"] == ABSORBED  # hidden: the forged choice does not count
    assert sides["caisse"] == KEPT


def test_F03_what_is_never_one_person():
    lea = side(1)
    assert refusal_to_merge(lea, side(2)) is None
    assert "différentes" in refusal_to_merge(lea, side(1))
    assert "responsable" in refusal_to_merge(lea, side(2, responsable_id=1))
    assert "responsable" in refusal_to_merge(side(2, responsable_id=1), lea)
    certified = side(3, is_certified=True)
    assert "FranceConnect" in refusal_to_merge(
        certified, side(4, is_certified=True, first_name="Luc")
    )
    assert refusal_to_merge(certified, side(4, is_certified=True)) is None


def test_F03_who_has_an_account_or_proches_becomes_nobodys_proche():
    assert refusal_of_choice(None, side(has_account=True), side(2)) is None
    assert refusal_of_choice(9, side(), side(2)) is None
    assert "compte" in refusal_of_choice(9, side(), side(2, has_account=True))
    assert "proches" in refusal_of_choice(9, side(has_proches=True), side(2))


@pytest.mark.parametrize(
    ("kept", "absorbed", "status"),
    [
        ("unknown", "unknown", "unknown"),
        ("seen", "noshow", "seen"),
        ("noshow", "unknown", "noshow"),
        ("unknown", "seen", "seen"),
        ("unknown", "excused", "unknown"),
        ("excused", "unknown", "unknown"),
        ("excused", "revoked", "excused"),
    ],
)
def test_F03_two_participations_in_one_rdv_become_one(kept, absorbed, status):
    assert merged_status(kept, absorbed) == status
