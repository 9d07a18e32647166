"""E04, E05: créneaux looked for while a RDV is under preparation: its people are a number."""

from __future__ import annotations

import uuid

import pytest
import time_machine
from django.urls import reverse

from planning.models import RdvDraft
from planning.rules.rdv_draft import DraftContent, content_of
from tests.factories import PlageOuvertureFactory, UsagerFactory
from tests.factories.planning import NOW
from tests.integration.planning.slot_world import SlotPage, read, url_of
from usagers.models import Referent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_week_before(cast):
    cast.indisponibilite.delete()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def draft(cast):
    """Two persons, one motif, no time yet."""
    other = UsagerFactory(territoire=cast.territoire, organisations=[cast.organisation])
    people = (cast.usager.pk, other.pk)
    return write(cast, DraftContent(motif=cast.motif.pk, lieu=cast.lieu.pk, usagers=people))


def write(cast, content):
    return RdvDraft.objects.create(
        agent=cast.owner,
        organisation=cast.organisation,
        content=content.to_json(),
        created_at=NOW,
        updated_at=NOW,
    )


def test_E04_the_draft_gives_its_motif_and_the_number_of_its_people(client, cast, draft):
    found = read(client, cast, brouillon=str(draft.uuid), date="2027-01-11")
    assert "Créneau pour 2 personnes" in found.words
    assert cast.usager.last_name not in found.text
    assert found.context["motif"] == cast.motif
    assert {form["brouillon"] for form in found.forms} == {str(draft.uuid)}
    assert f"brouillon={draft.uuid}" in found.context["after_url"]


def test_E05_the_creneau_completes_the_draft(client, cast, draft):
    found = read(client, cast, brouillon=str(draft.uuid), date="2027-01-11")
    response = client.post(found.forms_action, found.forms[0])
    assert response.status_code == 302
    content = content_of(RdvDraft.objects.get().content)
    assert content.starts_at.hour == 8
    assert content.agents == (cast.owner.pk,)
    assert len(content.usagers) == 2
    assert content.from_slot


def test_E05_without_a_draft_the_creneau_begins_one(client, cast):
    found = read(client, cast, motif=str(cast.motif.uuid), date="2027-01-11")
    assert client.post(found.forms_action, found.forms[0]).status_code == 302
    content = content_of(RdvDraft.objects.get().content)
    assert (content.motif, content.lieu) == (cast.motif.pk, cast.lieu.pk)
    assert content.ends_at.minute == 30


@pytest.mark.parametrize(("persons", "starts"), [(1, 5), (2, 2)])
def test_decision_24_persons_who_come_together_take_longer(client, cast, draft, persons, starts):
    """From 9 h to 12 h around the RDV of 10 h: five half hours, or two full hours."""
    type(cast.motif).objects.update(max_persons=persons)
    found = read(client, cast, brouillon=str(draft.uuid), date="2027-01-11")
    assert len(found.forms) == starts
    assert found.context["wanted"].duration_minutes == 30 * persons


@pytest.mark.parametrize("who", ["same_service", "secretary", "admin", "territoire_admin"])
def test_E04_the_draft_of_a_colleague_does_not_exist(client, cast, draft, who):
    cast.sign_in(client, who)
    assert client.get(url_of(cast), {"brouillon": str(draft.uuid)}).status_code == 404


@pytest.mark.parametrize("key", [str(uuid.UUID(int=0)), "brouillon"])
def test_E04_an_unknown_draft_is_a_404(client, cast, key):
    cast.sign_in(client, "owner")
    assert client.get(url_of(cast), {"brouillon": key}).status_code == 404


def test_E04_a_draft_that_became_a_rdv_is_forgotten(client, cast):
    over = write(cast, DraftContent(motif=cast.motif.pk, rdv=str(cast.rdv.uuid)))
    cast.sign_in(client, "owner")
    response = client.get(url_of(cast), {"brouillon": str(over.uuid), "date": "2027-01-11"})
    assert response.status_code == 302
    assert "brouillon" not in response["Location"]


def test_E04_a_draft_leaves_the_memory_alone(client, cast, draft):
    read(client, cast, motif=str(cast.motif.uuid), date="2027-01-12")
    read(client, cast, brouillon=str(draft.uuid), date="2027-02-01")
    location = client.get(url_of(cast))["Location"]
    assert "date=2027-01-12" in location
    assert "brouillon" not in location


def test_E04_clearing_keeps_the_draft(client, cast, draft):
    PlageOuvertureFactory(lieu=cast.lieu, agent=cast.owner, motifs=[cast.motif])
    found = read(client, cast, brouillon=str(draft.uuid))
    assert f'href="?motif=&amp;brouillon={draft.uuid}"' in found.text
    cleared = SlotPage(client.get(url_of(cast), {"motif": "", "brouillon": str(draft.uuid)}))
    assert cleared.context["criteria"].motif == ""


@pytest.fixture
def follow_up(cast):
    """One person known by the organisation, a motif de suivi, two agents who receive for it."""
    PlageOuvertureFactory(lieu=cast.lieu, agent=cast.same_service, motifs=[cast.motif])
    type(cast.motif).objects.update(is_follow_up=True)
    people = (cast.usager.pk,)
    return write(cast, DraftContent(motif=cast.motif.pk, lieu=cast.lieu.pk, usagers=people))


def test_38_a_follow_up_offers_the_referents_of_the_person(client, cast, follow_up):
    where = {"date": "2027-01-11"}
    # Nobody chosen yet: everybody, and how to see the référents only.
    anybody = read(client, cast, motif=str(cast.motif.uuid), **where)
    assert anybody.agents == {str(cast.owner.uuid), str(cast.same_service.uuid)}
    assert "choisissez-la d’abord" in anybody.words
    where["brouillon"] = str(follow_up.uuid)
    nobody = read(client, cast, **where)
    assert nobody.lacks == ["no_referent"]
    assert f"{cast.usager.full_name} n’a pas de référent" in nobody.words
    fiche = reverse("usagers:usager_detail", args=[cast.organisation.uuid, cast.usager.uuid])
    assert f'href="{fiche}#fiche-referents"' in nobody.text
    Referent.objects.create(usager=cast.usager, agent=cast.same_service)
    found = read(client, cast, **where)
    assert found.agents == {str(cast.same_service.uuid)}
    assert f"référents de la personne sont proposés ({cast.same_service})" in found.words
    assert read(client, cast, agent=str(cast.owner.uuid), **where).lacks == ["others_chosen"]


@pytest.mark.parametrize(
    ("referent", "lack"),
    [("other_service", "referents_unseen"), ("admin", "referents_without_plage")],
)
def test_38_why_the_referents_have_no_creneau(client, cast, follow_up, referent, lack):
    Referent.objects.create(usager=cast.usager, agent=getattr(cast, referent))
    who = "owner" if lack == "referents_unseen" else "admin"
    type(follow_up).objects.update(agent=getattr(cast, who))
    found = read(client, cast, who, brouillon=str(follow_up.uuid), date="2027-01-11")
    assert found.lacks == [lack]
