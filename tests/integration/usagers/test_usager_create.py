"""F01, F05: an agent creates a fiche."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from rdv.common.saving import InvalidRow
from tests.factories import UsagerFactory
from usagers.models import Usager
from usagers.services.usager_create import EmailTaken, NewUsager, UsagerRefused, create_usager

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 8, 9, 0, tzinfo=UTC)


def create(cast, who="owner", **fields):
    values = {"first_name": " Léa ", "last_name": "Zola"} | fields
    return create_usager(
        organisation=cast.organisation,
        fields=NewUsager(**values),
        actor=cast.actor(who),
        now=NOW,
    )


def test_F01_names_are_enough_and_the_fiche_is_the_organisations(cast):
    usager = create(cast)
    assert (usager.full_name, usager.email, usager.origin) == ("Léa ZOLA", None, "agent")
    assert usager.territoire == cast.territoire
    assert list(usager.organisations.all()) == [cast.organisation]


def test_F01_everything_else_is_kept(cast):
    usager = create(
        cast,
        email=" Lea@Exemple.FR",
        phone_number="+33639981234",
        birth_date=date(1984, 7, 24),
        birth_name="Roy",
        address="3 rue Haute",
    )
    usager.refresh_from_db()
    assert (usager.email, str(usager.phone_number)) == ("lea@exemple.fr", "+33639981234")
    assert (usager.birth_date, usager.birth_name) == (date(1984, 7, 24), "Roy")


@pytest.mark.parametrize("who", ["elsewhere", "stranger", "usager", "token", "nobody"])
def test_F01_who_may_not(cast, who):
    with pytest.raises(UsagerRefused):
        create(cast, who)
    assert not Usager.objects.filter(last_name="Zola").exists()


@pytest.mark.parametrize("who", ["other_service", "secretary", "admin", "territoire_admin"])
def test_F01_who_may(cast, who):
    assert create(cast, who).pk


def test_F05_the_email_is_unique_in_the_territoire(cast):
    with pytest.raises(EmailTaken) as refused:
        create(cast, email=cast.usager.email.upper())
    assert refused.value.usager == cast.usager
    assert list(refused.value.errors) == ["email"]
    abroad = UsagerFactory()
    assert create(cast, email=abroad.email).pk


def test_F05_a_fiche_out_of_reach_is_not_named(cast):
    cast.territoire.searches_across_organisations = False
    cast.territoire.save()
    cast.organisation.refresh_from_db()
    with pytest.raises(EmailTaken) as refused:
        create(cast, email=cast.other_usager.email)
    assert refused.value.usager is None
    assert cast.other_usager.last_name not in refused.value.message


def test_F01_blank_names_are_refused(cast):
    with pytest.raises(InvalidRow):
        create(cast, first_name="  ")


def test_F01_a_proche_has_a_responsable_known_there(cast):
    assert create(cast, responsable_id=cast.usager.pk).responsable == cast.usager
    grandchild = create(cast, first_name="Luc", responsable_id=cast.usager.pk)
    for wrong in (grandchild, cast.other_usager, UsagerFactory()):
        with pytest.raises(UsagerRefused, match="responsable"):
            create(cast, responsable_id=wrong.pk)
