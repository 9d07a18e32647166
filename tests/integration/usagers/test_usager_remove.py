"""F02, decision 26: deleting a person from an organisation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agents.models import AuditEntry
from planning.models import Participation
from tests.factories import RdvFactory
from tests.integration.usagers.fiches import person, url
from tests.integration.usagers.journey import NOW
from usagers.models import AccessToken, Rattachement, Referent, Usager
from usagers.services.access_token_issue import issue_access_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(cast, client):
    cast.sign_in(client, "owner")
    return client


def remove(agent, cast, usager, accepts=1):
    return agent.post(url("usagers:usager_remove", cast, usager), {"accepts": accepts})


def test_decision_26_refused_while_a_rdv_of_theirs_or_of_a_proche_stands_there(agent, cast):
    page = remove(agent, cast, cast.usager)
    assert page.status_code == 422
    assert f"{cast.usager.full_name}, lundi 11 janvier 2027 à 10 h" in page.text
    parent = person(cast)
    child = person(cast, first_name="Tom", responsable=parent)
    RdvFactory(
        motif=cast.motif, usagers=[child], agents=[cast.same_service], starts_at=NOW + timedelta(1)
    )
    refused = remove(agent, cast, parent, accepts=2)
    assert child.full_name in refused.context["removal"].expected[0]
    assert Rattachement.objects.filter(usager__in=(parent, child, cast.usager)).count() == 3


def family_with_a_past(cast):
    """A responsable with an account and a proche; a workshop shared with somebody else."""
    parent = person(cast, email="ana@exemple.fr", case_number="A1", phone_number="+33639981234")
    parent.account = cast.other_usager.account
    cast.other_usager.delete()
    parent.save()
    parent.rattachements.update(notes="Suivi difficile.")
    Referent.objects.create(usager=parent, agent=cast.owner)
    workshop = RdvFactory(
        motif=cast.motif,
        usagers=[parent, cast.usager],
        agents=[cast.same_service],
        starts_at=NOW - timedelta(days=2),
        title="Atelier CV",
    )
    own = workshop.participations.get(usager=parent)
    Participation.objects.filter(pk=own.pk).update(needs=["interpreter"], needs_details="LSF")
    issue_access_token(participation=own, recipient=parent, now=NOW)
    return parent, person(cast, first_name="Tom", responsable=parent), own


def test_decision_26_the_last_organisation_erases_the_family_and_nothing_shared(agent, cast):
    parent, child, own = family_with_a_past(cast)
    page = agent.get(url("usagers:usager_remove", cast, parent))
    assert "1 proche sera supprimé" in page.text
    assert remove(agent, cast, parent, accepts=1).status_code == 422  # not what was read
    answer = remove(agent, cast, parent, accepts=2)
    assert answer.url == url("usagers:usager_list", cast)
    for row in (parent, child):
        row.refresh_from_db()
        assert (row.full_name, row.anonymised_at) == ("Usager SUPPRIMÉ", NOW)
        assert (row.email, row.account, row.responsable) == (None, None, None)
        assert (str(row.phone_number or ""), row.case_number) == ("", "")
    assert not Rattachement.objects.filter(usager__in=(parent, child)).exists()
    assert not AccessToken.objects.filter(recipient=parent).exists()
    assert not parent.referents.exists()
    own.refresh_from_db()
    assert (own.needs, own.needs_details, own.rdv.title) == ([], "", "Atelier CV")
    assert agent.get(url("usagers:usager_detail", cast, parent)).status_code == 404
    erased = AuditEntry.objects.filter(action="usager_erased").values_list("object_uuid", flat=True)
    assert set(erased) == {parent.uuid, child.uuid}


def test_decision_26_who_is_known_elsewhere_is_only_detached(agent, cast):
    both = [cast.organisation, cast.elsewhere_organisation]
    parent = person(cast, first_name="Ana", email="ana@exemple.fr")
    child = person(cast, first_name="Tom", responsable=parent, organisations=both)
    Rattachement.objects.filter(usager=child, organisation=cast.organisation).update(notes="Ici")
    assert "sa fiche y reste" in agent.get(url("usagers:usager_remove", cast, child)).text
    remove(agent, cast, parent, accepts=2)
    for row in (parent, child):  # the messages of the proche go to the responsable: kept
        row.refresh_from_db()
        assert row.anonymised_at is None
    kept = Rattachement.objects.filter(usager__in=(parent, child))
    assert [(row.usager, row.organisation) for row in kept] == [
        (child, cast.elsewhere_organisation)
    ]
    assert Usager.objects.get(pk=parent.pk).email == "ana@exemple.fr"
    assert AuditEntry.objects.filter(action="usager_detached").count() == 2
