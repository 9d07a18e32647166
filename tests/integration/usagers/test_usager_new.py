"""F01, F05: « Créer un usager » from the menu, duplicates before saving, attaching."""

from __future__ import annotations

import pytest

from agents.models import AuditEntry
from tests.integration.usagers.fiches import person, stranger, url
from usagers.models import Usager

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(cast, client):
    cast.sign_in(client, "owner")
    return client


def typed(**values):
    return {"last_name": "Zola", "first_name": "Léa", "kind": "responsable"} | values


def created():
    return Usager.objects.get(last_name="Zola")


def test_F01_names_are_enough_and_everything_is_normalised(agent, cast):
    cast.territoire.usager_fields = ["birth_date", "caisse", "number_of_children", "notes"]
    cast.territoire.save()
    page = agent.get(url("usagers:usager_new", cast))
    assert 'name="caisse"' in page.text
    assert 'name="logement"' not in page.text
    data = typed(
        email=" Lea.@Exemple.FR",
        phone_number="0694 20 12 34",
        birth_date="1984-07-24",
        caisse="caf",
        number_of_children="2",
        notes="Vient à pied.",
    )
    answer = agent.post(url("usagers:usager_new", cast), data)
    usager = created()
    assert answer.url == url("usagers:usager_detail", cast, usager)
    assert (usager.email, str(usager.phone_number)) == ("lea@exemple.fr", "+594694201234")
    assert (usager.caisse, usager.number_of_children) == ("caf", 2)
    assert usager.rattachements.get().notes == "Vient à pied."
    trace = AuditEntry.objects.get(action="usager_created")
    assert (trace.agent, trace.organisation) == (cast.owner, cast.organisation)
    for wrong, name in (
        ({"birth_date": "2031-01-01"}, "birth_date"),
        ({"birth_date": "1850-01-01"}, "birth_date"),
        ({"number_of_children": "16"}, "number_of_children"),
        ({"phone_number": "06 12 34 56 7"}, "phone_number"),
        ({"logement": "sdf"}, "__all__"),  # a field that the territoire does not show
    ):
        answer = agent.post(url("usagers:usager_new", cast), typed(last_name="Hugo", **wrong))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [name])
    assert not Usager.objects.filter(last_name="Hugo").exists()


def test_F01_duplicates_are_shown_while_typing_and_dismissed_on_purpose(agent, cast):
    same = person(cast, first_name="Lea", last_name="ZOLA")
    masked = stranger(
        cast, first_name="Luc", last_name="Hugo", phone_number="+33639981234", email="l@x.fr"
    )
    data = typed(phone_number="06 39 98 12 34")
    preview = agent.post(url("usagers:usager_new", cast), data, headers={"HX-Request": "true"})
    assert "<html" not in preview.text
    answer = agent.post(url("usagers:usager_new", cast), data)
    for page in (preview, answer):
        assert url("usagers:usager_detail", cast, same) in page.text
        assert url("usagers:usager_attach", cast, masked) in page.text
        assert "Luc HUGO" in page.text
        assert "l@x.fr" not in page.text
    assert answer.status_code == 422
    assert "06 39 98 12 34" in answer.text  # what was typed comes back
    assert AuditEntry.objects.filter(action="usagers_searched_masked").count() == 1
    agent.post(url("usagers:usager_new", cast), {**data, "seen": answer.context["seen"]})
    assert Usager.objects.filter(last_name__iexact="zola").count() == 2


def test_F05_the_same_email_blocks_and_attaching_is_asked_for(agent, cast):
    masked = stranger(cast, first_name="Inès", last_name="Valmont", email="ines@exemple.fr")
    data = typed(email="INES@exemple.fr")
    answer = agent.post(url("usagers:usager_new", cast), data)
    assert "une seule fiche peut porter cette adresse" in answer.text
    assert "Créer quand même" not in answer.text
    forced = agent.post(url("usagers:usager_new", cast), {**data, "seen": str(masked.uuid)})
    assert forced.status_code == 422
    assert list(forced.context["form"].errors) == ["email"]
    assert agent.get(url("usagers:usager_attach", cast, masked)).status_code == 405
    assert agent.get(url("usagers:usager_detail", cast, masked)).status_code == 404
    assert agent.post(url("usagers:usager_attach", cast, masked)).url == url(
        "usagers:usager_detail", cast, masked
    )
    assert "ines@exemple.fr" in agent.get(url("usagers:usager_detail", cast, masked)).text
    assert AuditEntry.objects.get(action="usager_attached").object_uuid == masked.uuid
    cast.territoire.searches_across_organisations = False  # decision 13
    cast.territoire.save()
    other = stranger(cast, email="autre@exemple.fr")
    assert agent.post(url("usagers:usager_attach", cast, other)).status_code == 404
    said = agent.post(url("usagers:usager_new", cast), typed(email="autre@exemple.fr"))
    assert said.context["duplicates"] == []
    assert other.last_name not in said.text


def test_F01_a_proche_and_the_responsable(agent, cast):
    head = person(cast, first_name="Ana", last_name="Sand", email="ana@exemple.fr")
    asked = typed(kind="proche", responsable_search="sand", chercher="1")
    answer = agent.post(url("usagers:usager_new", cast), asked)
    assert (answer.status_code, str(head.uuid) in answer.text) == (200, True)
    assert not Usager.objects.filter(last_name="Zola").exists()
    assert agent.post(url("usagers:usager_new", cast), typed(kind="proche")).status_code == 422
    agent.post(url("usagers:usager_new", cast), typed(kind="proche", responsable=str(head.uuid)))
    assert created().responsable == head
    new = {
        "responsable_last_name": "Hugo",
        "responsable_first_name": "Léopoldine",
        "responsable_email": "ana@exemple.fr",
    }
    data = typed(last_name="Hugo", first_name="Jean", kind="proche", **new)
    taken = agent.post(url("usagers:usager_new", cast), data)
    assert list(taken.context["form"].errors) == ["responsable_email"]
    assert not Usager.objects.filter(last_name="Hugo").exists()
    agent.post(url("usagers:usager_new", cast), {**data, "responsable_email": "leo@exemple.fr"})
    jean = Usager.objects.get(first_name="Jean")
    assert jean.responsable.email == "leo@exemple.fr"
    assert list(jean.responsable.organisations.all()) == [cast.organisation]
    ready = agent.get(url("usagers:usager_new", cast), {"responsable": str(head.uuid)})
    assert ready.context["form"].initial["last_name"] == "Sand"
    # Somebody whom the organisation does not know cannot be named.
    forged = typed(first_name="Zoé", kind="proche", responsable=str(stranger(cast).uuid))
    assert agent.post(url("usagers:usager_new", cast), forged).status_code == 422
