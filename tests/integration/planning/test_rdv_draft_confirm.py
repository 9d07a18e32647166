"""E05: the last step of a RDV under preparation, and whose draft it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from agents.models import AuditEntry
from planning.models import AgentRdv, Rdv, RdvDraft
from tests.factories import RdvFactory, UsagerFactory
from tests.integration.planning.rdv_drafts import (
    HALF,
    NOW,
    TEN,
    confirm,
    content,
    full,
    start,
    the_draft,
    url,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("drafts_clock")]


def test_E05_what_the_agent_lost_since_is_asked_again(drafting, cast):
    full(cast)
    cast.motif.archived_at = NOW
    cast.motif.save()
    assert drafting.get(url("confirm", cast)).url == url("motif", cast)


def test_E05_a_draft_is_its_authors_alone_and_of_one_organisation(drafting, cast, client):
    draft = full(cast)
    for who in ("admin", "territoire_admin", "same_service"):
        cast.sign_in(client, who)
        assert client.get(url("confirm", cast, draft)).status_code == 404
        assert client.post(url("confirm", cast, draft)).status_code == 404
    cast.sign_in(client, "owner")
    other = reverse(
        "planning:rdv_draft_confirm", args=[cast.elsewhere_organisation.uuid, draft.uuid]
    )
    assert client.get(other).status_code == 404
    assert Rdv.objects.count() == 1


def test_E05_warnings_are_shown_then_confirmed_on_purpose(drafting, cast):
    draft = full(cast)
    RdvFactory(motif=cast.motif, agents=[cast.owner], usagers=[cast.other_usager], starts_at=TEN)
    blind = drafting.post(url("confirm", cast, draft), {"warnings": ""})
    assert blind.status_code == 422
    assert "La situation a changé" in blind.text
    assert Rdv.objects.count() == 2
    page = drafting.get(url("confirm", cast, draft))
    assert "Confirmer quand même le RDV de" in page.text
    assert cast.other_usager.full_name in page.text
    assert confirm(drafting, cast, draft).status_code == 302
    assert AgentRdv.objects.filter(starts_at=TEN, overlap_accepted=True).count() == 1


def test_decision_10_a_creneau_taken_meanwhile_is_refused(drafting, cast):
    full(cast, from_slot=True)
    RdvFactory(motif=cast.motif, agents=[cast.owner], usagers=[cast.other_usager], starts_at=TEN)
    answer = confirm(drafting, cast)
    assert answer.status_code == 422
    assert "vient d’être pris" in answer.text
    data = {"day": "2027-01-12", "time": "10:10", "duration": "30", "agents": [cast.owner.pk]}
    drafting.post(url("details", cast), {**data, "lieu": cast.lieu.pk})
    assert not content().from_slot  # placed by hand since
    assert confirm(drafting, cast).status_code == 302


def test_E05_two_clicks_create_one_rdv(drafting, cast):
    full(cast)
    address = url("confirm", cast)
    first = confirm(drafting, cast)
    assert first.status_code == 302
    rdv = Rdv.objects.get(starts_at=TEN)
    page = reverse("planning:rdv_detail", args=[rdv.uuid])
    assert drafting.post(address, {"warnings": ""}).url == page
    assert [drafting.get(url(s, cast)).url for s in ("motif", "usagers", "details", "confirm")] == (
        [page] * 4
    )
    assert Rdv.objects.filter(starts_at=TEN).count() == 1
    assert the_draft().content == {"rdv": str(rdv.uuid)}  # nobody's name is kept


def test_E05_each_person_has_switches_and_texts(drafting, cast):
    silent = UsagerFactory(
        territoire=cast.territoire, organisations=[cast.organisation], email=None, phone_number=""
    )
    cast.motif.instructions = "Apportez une facture."
    cast.motif.save()
    full(cast, usagers=(cast.usager.pk, silent.pk))
    page = drafting.get(url("confirm", cast))
    (texts,) = page.context["texts"]
    assert "Apportez une facture." in texts.email.body
    assert texts.email.subject in page.text
    assert "12/01" in texts.sms.body
    assert cast.motif.name not in texts.sms.body  # decision 31
    assert "de vive voix" in page.text
    answer = drafting.post(url("confirm", cast), {"warnings": ""})
    assert answer.status_code == 302
    row = Rdv.objects.get(starts_at=TEN).participations.get(usager=cast.usager)
    assert (row.notifies_changes, row.notifies_reminder) == (False, False)


def test_decision_7_a_silent_motif_says_that_nobody_is_told(drafting, cast):
    cast.motif.visibility = "invisible"
    cast.motif.save()
    full(cast)
    page = drafting.get(url("confirm", cast))
    assert "aucun message ne partira" in page.text
    assert page.context["texts"] == []


def test_E05_the_last_page_reads_and_writes_nothing(drafting, cast):
    draft = full(cast)
    before = draft.updated_at
    drafting.get(url("confirm", cast))
    draft.refresh_from_db()
    assert draft.updated_at == before
    assert Rdv.objects.count() == 1


def test_E05_a_territoire_admin_places_a_rdv_and_lands_on_the_agenda(cast, client):
    cast.sign_in(client, "territoire_admin")
    start(
        client,
        cast,
        motif=cast.motif.uuid,
        starts_at=TEN.isoformat(),
        agent=cast.owner.uuid,
        lieu=cast.lieu.uuid,
        usager=cast.usager.uuid,
    )
    answer = confirm(client, cast)
    assert client.get(answer.url).status_code == 200
    assert AuditEntry.objects.filter(agent=cast.territoire_admin).exists()


def test_E05_nothing_begins_by_following_a_link(drafting, cast):
    address = reverse("planning:rdv_new", args=[cast.organisation.uuid])
    assert drafting.get(address).status_code == 405
    assert not RdvDraft.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "planning:rdv_draft_motif",
        "planning:rdv_draft_usagers",
        "planning:rdv_draft_usager_new",
        "planning:rdv_draft_details",
        "planning:rdv_draft_confirm",
    ],
)
def test_E05_no_step_opens_for_a_colleague_of_the_same_service(drafting, cast, name):
    draft = full(cast)
    address = reverse(name, args=[cast.organisation.uuid, draft.uuid])
    assert drafting.get(address).status_code == 200
    cast.sign_in(drafting, "same_service")
    assert drafting.get(address).status_code == 404
    assert drafting.post(address, {"ajouter": cast.other_usager.uuid}).status_code == 404
    draft.refresh_from_db()
    assert draft.content["usagers"] == [cast.usager.pk]


def test_decision_1_a_rdv_that_is_near_offers_no_reminder(drafting, cast):
    full(cast)
    assert "Envoyer un rappel" in drafting.get(url("confirm", cast)).text
    soon = NOW + timedelta(hours=48)
    full(cast, starts_at=soon, ends_at=soon + HALF)
    page = drafting.get(url("confirm", cast))
    assert "Envoyer un rappel" not in page.text
    confirm(drafting, cast)
    # Moved later, it would have one.
    assert Rdv.objects.get(starts_at=soon).participations.get().notifies_reminder


def test_E05_the_stepper_says_what_really_comes_next(drafting, cast):
    start(drafting, cast, motif=cast.motif.uuid)
    assert drafting.get(url("usagers", cast)).context["steps"]["next"] == (
        "Horaire, agents et lieu"
    )
    full(cast, usagers=())
    assert drafting.get(url("usagers", cast)).context["steps"]["next"] == "Confirmation"
    assert drafting.get(url("motif", cast)).context["steps"]["next"] == "Personnes"
