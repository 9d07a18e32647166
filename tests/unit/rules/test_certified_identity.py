"""A04: the claims of FranceConnect."""

from datetime import date

import pytest

from usagers.rules.certified_identity import CertifiedIdentity, read_claims, read_stored

CLAIMS = {
    "given_name": "Angela Claire Louise",
    "family_name": "DUBOIS",
    "birthdate": "1962-08-24",
    "email": " Angela.@Exemple.fr",
    "preferred_username": "DURAND",
}


def test_A04_names_date_and_address():
    assert read_claims(CLAIMS) == CertifiedIdentity(
        "Angela Claire Louise", "DUBOIS", "DURAND", date(1962, 8, 24), "angela@exemple.fr"
    )


def test_A04_the_name_in_use_is_the_birth_name_when_none_is_given():
    assert read_claims({**CLAIMS, "preferred_username": ""}).last_name == "DUBOIS"


@pytest.mark.parametrize("born", ["1962-00-00", "1962", "", None, 1962, "24/08/1962"])
def test_A04_a_day_that_is_not_one_is_left_out(born):
    assert read_claims({**CLAIMS, "birthdate": born}).birth_date is None


def test_A04_what_is_not_given_is_no_column():
    assert read_claims({"sub": "x", "given_name": ["a"]}).columns == {}
    assert not read_claims({"given_name": "Angela"}).is_named


def test_A04_many_first_names_are_cut_between_two():
    many = read_claims({"given_name": "Marie-Antoinette " * 6}).first_name
    assert many == " ".join(["Marie-Antoinette"] * 4)
    assert len(read_claims({"given_name": "x" * 100}).first_name) == 80


def test_A04_what_is_kept_comes_back():
    kept = read_claims(CLAIMS)
    assert read_stored(kept.as_json()).columns == kept.columns
