"""E05: who is found by what is typed, and what a mask never lets through."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import UsagerFactory
from usagers.models import Usager
from usagers.queries.usager_duplicates import Identity, likely_duplicates
from usagers.queries.usager_search import names_condition, search_usagers, with_vector

pytestmark = pytest.mark.django_db


def person(cast, first, last, *, known=True, **fields):
    organisations = [cast.organisation if known else cast.elsewhere_organisation]
    values = {"email": None, "phone_number": ""} | fields
    return UsagerFactory(
        territoire=cast.territoire,
        first_name=first,
        last_name=last,
        organisations=organisations,
        **values,
    )


def search(cast, text, who="owner", **options):
    return search_usagers(text, actor=cast.actor(who), organisation=cast.organisation, **options)


def names(cast, text, **options):
    return [found.name for found in search(cast, text, **options)]


@pytest.mark.parametrize(
    "typed",
    ["dup", "DUP", "Éloïse", "eloi", "elo dup", "dup élo", "dupont-ç", "  dup  ", "d'al", "alem"],
)
def test_E05_first_letters_of_any_name_without_accents(cast, typed):
    person(cast, "Éloïse", "Dupont-Çelik", birth_name="D’Alembert")
    person(cast, "Paul", "Martinez")
    assert names(cast, typed) == ["Éloïse DUPONT-ÇELIK (D’ALEMBERT)"]


def test_E05_only_the_beginning_of_a_word(cast):
    person(cast, "Éloïse", "Dupont")
    assert names(cast, "pont") == []
    assert names(cast, "dup x") == []


@pytest.mark.parametrize("typed", ["", "d", " ", "%", "' OR 1=1 --", "!&|:*", "()", "@"])
def test_E05_too_little_or_nonsense_finds_nobody(cast, typed):
    person(cast, "Éloïse", "Dupont")
    assert search(cast, typed) == []


def test_E05_last_names_come_before_first_names(cast):
    for first, last in (("Roland", "Petit"), ("Ana", "Roland"), ("Zoé", "Aaron Roland")):
        person(cast, first, last)
    person(cast, "Bea", "Bois", email="roland@exemple.fr")
    assert names(cast, "roland") == [
        "Ana ROLAND",
        "Zoé AARON ROLAND",
        "Roland PETIT",
        "Bea BOIS",
    ]


@pytest.mark.parametrize(
    "typed",
    ["06 39 98", "0639981234", "06.39.98.12.34", "+33 6 39 98", "0033639981234", "+33(0)639981234"],
)
def test_E05_a_phone_in_any_format(cast, typed):
    person(cast, "Éloïse", "Dupont", phone_number="+33639981234")
    assert names(cast, typed) == ["Éloïse DUPONT"]


def test_E05_an_overseas_phone_and_the_responsables(cast):
    parent = person(cast, "Ana", "Payet", phone_number="+262692123456")
    person(cast, "Léo", "Payet", responsable=parent)
    assert names(cast, "0692 12") == ["Ana PAYET", "Léo PAYET"]
    assert names(cast, "069") == []  # three digits say nothing


def test_E05_an_email_by_its_beginning(cast):
    person(cast, "Yann", "Le Goff", email="yann@kerguen.fr")
    assert names(cast, "YANN@ker") == ["Yann LE GOFF"]
    assert names(cast, "ann@ker") == []


def test_E05_a_proche_shows_the_coordinates_of_the_responsable(cast):
    parent = person(cast, "Ana", "Payet", phone_number="+33639981234", email="ana@exemple.fr")
    person(cast, "Léo", "Payet", responsable=parent, birth_date=date(2015, 3, 2))
    child = next(found for found in search(cast, "léo"))
    assert (child.phone, child.email) == ("06 39 98 12 34", "ana@exemple.fr")
    assert (child.responsable, child.birth) == ("Ana PAYET", "02/03/2015")


def test_decision_13_others_are_masked_and_come_last_up_to_four_in_all(cast):
    person(cast, "Ana", "Zola")
    person(cast, "Bea", "Zola")
    for number in range(5):
        person(cast, f"Ada{number}", "Zola", known=False)
    found = search(cast, "zol")
    assert [row.is_masked for row in found] == [False, False, True, True]
    person(cast, "Cid", "Zola")
    person(cast, "Dan", "Zola")
    assert [row.is_masked for row in search(cast, "zol")] == [False] * 4


SECRET = {
    "birth_date": date(1984, 7, 24),
    "phone_number": "+33639981234",
    "email": "lea.zola@exemple.fr",
    "address": "3 rue Cachée",
}


def test_decision_13_what_a_mask_shows(cast):
    parent = person(cast, "Mère", "Zola", known=False, email="mere@exemple.fr")
    person(cast, "Léa", "Zola", known=False, **SECRET)
    person(cast, "Léo", "Zola", known=False, responsable=parent)
    lea, leo, _mother = search(cast, "zol")
    assert (lea.name, lea.birth, lea.phone, lea.email) == (
        "Léa ZOLA",
        "24/07/****",
        "06 ** ** ** 34",
        "l****a@exemple.fr",
    )
    assert (leo.phone, leo.email, leo.responsable) == ("", "", "")


def test_decision_13_a_mask_cannot_be_guessed_letter_by_letter(cast):
    person(cast, "Léa", "Zola", known=False, **SECRET)
    for partial in ("06 39 98", "lea.z@", "lea.zola@exemple", "lea.zola"):
        assert [row for row in search(cast, partial) if row.is_masked] == [] or partial == (
            "lea.zola"  # two words of her name
        )
    assert [row.is_masked for row in search(cast, "06 39 98 12 34")] == [True]
    assert [row.is_masked for row in search(cast, "lea.zola@exemple.fr")] == [True]


def test_decision_13_the_switch_of_the_territoire_and_its_walls(cast):
    person(cast, "Léa", "Zola", known=False)
    UsagerFactory(first_name="Eve", last_name="Zola")  # another territoire
    person(cast, "Ida", "Zola", anonymised_at="2027-01-01T00:00Z")
    assert names(cast, "zol") == ["Léa ZOLA"]
    cast.territoire.searches_across_organisations = False
    cast.territoire.save()
    cast.organisation.refresh_from_db()
    assert names(cast, "zol") == []


@pytest.mark.parametrize("who", ["elsewhere", "stranger", "usager", "token", "nobody"])
def test_E09_who_does_not_plan_there_finds_nobody(cast, who):
    person(cast, "Ana", "Zola")
    assert search(cast, "zola", who) == []


def test_E05_the_people_already_chosen_are_left_out(cast):
    ana = person(cast, "Ana", "Zola")
    assert names(cast, "zola", without=[ana.pk]) == []


def test_E05_the_number_of_statements_does_not_grow(cast):
    def count():
        actor = cast.actor("owner")
        with CaptureQueriesContext(connection) as queries:
            search_usagers("zol", actor=actor, organisation=cast.organisation)
        return queries

    person(cast, "Ana", "Zola")
    few = count()
    for number in range(20):
        person(cast, f"Bea{number}", "Zola", known=number % 2 == 0)
    assert len(count()) <= len(few) <= 5


def test_E05_the_index_of_the_names_serves():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    found = with_vector(Usager.objects.all()).filter(names_condition("zol"))
    assert "usager_search" in found.order_by().explain()


def duplicates(cast, **identity):
    values = {"first_name": "Léa", "last_name": "Zola"} | identity
    found = likely_duplicates(
        Identity(**values), actor=cast.actor("owner"), organisation=cast.organisation
    )
    return [(row.person.name, row.person.is_masked, row.reasons) for row in found]


def test_F01_likely_duplicates_by_name_phone_and_email(cast):
    person(cast, "LÉA", "Zola", birth_date=date(1984, 7, 24))
    person(cast, "Lea", "Martin", birth_name="Zola")
    person(cast, "Paul", "Roy", phone_number="+33639981234")
    person(cast, "Luc", "Bio", email="lea@exemple.fr")
    person(cast, "Léandre", "Zola")
    assert duplicates(cast, email="lea@exemple.fr", phone_number="+33639981234") == [
        ("Luc BIO", False, ("même adresse e-mail",)),
        ("Lea MARTIN (ZOLA)", False, ("même nom",)),
        ("Paul ROY", False, ("même téléphone",)),
        ("LÉA ZOLA", False, ("même nom",)),
    ]
    same_day = ("même nom et même date de naissance",)
    assert ("LÉA ZOLA", False, same_day) in duplicates(cast, birth_date=date(1984, 7, 24))
    born_later = [name for name, *_ in duplicates(cast, birth_date=date(2001, 1, 1))]
    assert born_later == ["Lea MARTIN (ZOLA)"]


def test_decision_13_a_duplicate_elsewhere_is_masked_and_its_year_is_not_guessed(cast):
    person(cast, "Léa", "Zola", known=False, **SECRET)
    for day in (date(1984, 7, 24), date(1990, 1, 1)):
        assert duplicates(cast, birth_date=day) == [("Léa ZOLA", True, ("même nom",))]
