"""E05: the steps of a RDV under preparation, as an agent walks through them without JavaScript."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from agents.models import AuditEntry
from planning.models import AgentRdv, Rdv, RdvDraft
from planning.rules.rdv_draft import DraftContent, content_of
from planning.services.rdv_draft_purge import purge_rdv_drafts
from planning.tasks import purge_rdv_drafts_task
from tests.factories import (
    LieuFactory,
    MotifFactory,
    PlageOuvertureFactory,
    RdvFactory,
    UsagerFactory,
    service,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 8, 9, 0, tzinfo=UTC)
TEN = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Paris
HALF = timedelta(minutes=30)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def agent(cast, client):
    """The owner, signed in; a second motif, so that none is chosen alone."""
    cast.second = MotifFactory(organisation=cast.organisation, name="Suivi", duration_minutes=45)
    cast.sign_in(client, "owner")
    return client


def start(client, cast, **data):
    return client.post(reverse("planning:rdv_new", args=[cast.organisation.uuid]), data)


def the_draft():
    return RdvDraft.objects.latest("pk")


def content():
    return content_of(the_draft().content)


def url(step, cast, draft=None):
    return reverse(
        f"planning:rdv_draft_{step}", args=[cast.organisation.uuid, (draft or the_draft()).uuid]
    )


def full(cast, **changes):
    values = {
        "motif": cast.motif.pk,
        "usagers": (cast.usager.pk,),
        "agents": (cast.owner.pk,),
        "starts_at": TEN,
        "ends_at": TEN + HALF,
        "lieu": cast.lieu.pk,
    }
    return RdvDraft.objects.create(
        agent=cast.owner,
        organisation=cast.organisation,
        content=DraftContent(**values | changes).to_json(),
        created_at=NOW,
        updated_at=NOW,
    )


def confirm(client, cast, draft=None, **data):
    """Post the last page as it was shown."""
    address = url("confirm", cast, draft)
    shown = client.get(address)
    usager_uuids = [row.person.usager.uuid for row in shown.context["people"]]
    ticked = {f"changes_{u}": "on" for u in usager_uuids}
    ticked |= {f"reminder_{u}": "on" for u in usager_uuids}
    return client.post(
        address, {"warnings": shown.context["fingerprint"], **ticked, **data}, follow=False
    )


def test_E05_from_a_time_of_the_agenda_motif_three_letters_confirm(agent, cast):
    answer = start(agent, cast, starts_at="2027-01-12T10:00", agent=cast.owner.uuid)
    assert answer.url == url("motif", cast)
    answer = agent.post(answer.url, {"motif": cast.second.uuid})
    assert answer.url == url("usagers", cast)
    found = agent.post(answer.url, {"q": cast.usager.last_name[:3]})
    assert f'value="{cast.usager.uuid}"' in found.text
    answer = agent.post(answer.url, {"ajouter": cast.usager.uuid})
    assert answer.url == url("confirm", cast)  # the only open lieu was taken for granted
    page = agent.get(answer.url)
    assert "Confirmer le RDV de 10 h" in page.text
    assert "mardi 12 janvier 2027 à 10 h" in page.text.lower()
    answer = confirm(agent, cast)
    rdv = Rdv.objects.get(motif=cast.second)
    assert (rdv.starts_at, rdv.ends_at) == (TEN, TEN + timedelta(minutes=45))
    assert (rdv.lieu, rdv.agents.get()) == (cast.lieu, cast.owner)
    agenda = reverse("planning:agenda_of", args=[cast.organisation.uuid, cast.owner.uuid])
    assert answer.url == f"{agenda}?date=2027-01-12"
    shown = agent.get(answer.url)
    assert f"Le RDV de {cast.usager.full_name} est créé : mardi 12 janvier 2027 à 10 h." in (
        shown.text
    )


def test_E05_a_creneau_leaves_the_person_and_the_confirmation(agent, cast):
    answer = start(
        agent,
        cast,
        motif=cast.motif.uuid,
        starts_at=TEN.isoformat(),
        agent=cast.owner.uuid,
        lieu=cast.lieu.uuid,
        plage=cast.plage.uuid,
    )
    assert answer.url == url("usagers", cast)
    assert content().from_slot
    assert agent.post(answer.url, {"ajouter": cast.usager.uuid}).url == url("confirm", cast)


def test_E05_the_lieu_is_where_the_agent_receives_at_that_time(agent, cast):
    LieuFactory(organisation=cast.organisation)
    there = LieuFactory(organisation=cast.organisation)
    PlageOuvertureFactory(lieu=there, agent=cast.owner, first_day=TEN.date())
    hours = {"motif": cast.motif.uuid, "agent": cast.owner.uuid}
    start(agent, cast, starts_at=TEN.isoformat(), **hours)
    assert content().lieu == there.pk
    start(agent, cast, starts_at=(TEN + timedelta(days=1)).isoformat(), **hours)
    assert content().lieu is None


def test_E05_without_anything_the_steps_follow_each_other(agent, cast):
    answer = start(agent, cast)
    assert answer.url == url("motif", cast)
    assert agent.get(url("details", cast)).url == url("motif", cast)
    assert agent.get(url("confirm", cast)).url == url("motif", cast)
    agent.post(answer.url, {"motif": cast.motif.uuid})
    answer = agent.post(url("usagers", cast), {"ajouter": cast.usager.uuid})
    assert answer.url == url("details", cast)
    page = agent.get(answer.url)
    assert page.context["form"].initial["agents"] == [cast.owner.pk]
    data = {
        "day": "2027-01-12",
        "time": "10:00",
        "duration": "50",
        "agents": [cast.owner.pk, cast.same_service.pk],
        "lieu": "autre",
        "lieu_name": "Mairie annexe",
        "lieu_address": "2 rue Basse, Arras",
        "context": "Vient avec son frère",
    }
    assert agent.post(answer.url, data).url == url("confirm", cast)
    page = agent.get(url("confirm", cast))
    for word in ("50 min", "Mairie annexe", "Vient avec son frère", cast.same_service.full_name):
        assert word in page.text
    for step in ("motif", "usagers", "details"):
        assert f'href="{url(step, cast)}"' in page.text
    confirm(agent, cast)
    rdv = Rdv.objects.get(lieu__name="Mairie annexe")
    assert (rdv.ends_at - rdv.starts_at, rdv.agents.count()) == (timedelta(minutes=50), 2)


def test_E05_wrong_details_come_back_as_they_were_typed(agent, cast):
    full(cast)
    data = {
        "day": "2027-01-12",
        "time": "10:00",
        "duration": "0",
        "lieu": "autre",
        "context": "Oui",
    }
    answer = agent.post(url("details", cast), data)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {
        "duration",
        "agents",
        "lieu_name",
        "lieu_address",
    }
    assert ">\nOui</textarea>" in answer.text


def test_decision_9_forged_keys_never_enter_a_draft(agent, cast):
    pmi = MotifFactory(organisation=cast.organisation, service=service("pmi"))
    elsewhere = LieuFactory(organisation=cast.elsewhere_organisation)
    stranger = UsagerFactory()
    start(
        agent,
        cast,
        motif=pmi.uuid,
        agent=[cast.other_service.uuid, cast.elsewhere.uuid],
        lieu=elsewhere.uuid,
        usager=[stranger.uuid, "not-a-uuid"],
        rdv="nonsense",
        starts_at="yesterday",
    )
    assert content() == DraftContent()
    assert agent.post(url("motif", cast), {"motif": pmi.uuid}).status_code == 404
    assert agent.post(url("usagers", cast), {"ajouter": stranger.uuid}).status_code == 404
    full(cast)
    data = {"day": "2027-01-12", "time": "10:00", "duration": "30", "lieu": elsewhere.pk}
    answer = agent.post(url("details", cast), {**data, "agents": [cast.elsewhere.pk]})
    assert set(answer.context["form"].errors) == {"agents", "lieu"}


def test_E05_what_the_agent_lost_since_is_asked_again(agent, cast):
    full(cast)
    cast.motif.archived_at = NOW
    cast.motif.save()
    assert agent.get(url("confirm", cast)).url == url("motif", cast)


def test_E05_a_draft_is_its_authors_alone_and_of_one_organisation(agent, cast, client):
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


def test_E05_warnings_are_shown_then_confirmed_on_purpose(agent, cast):
    draft = full(cast)
    RdvFactory(motif=cast.motif, agents=[cast.owner], usagers=[cast.other_usager], starts_at=TEN)
    blind = agent.post(url("confirm", cast, draft), {"warnings": ""})
    assert blind.status_code == 422
    assert "La situation a changé" in blind.text
    assert Rdv.objects.count() == 2
    page = agent.get(url("confirm", cast, draft))
    assert "Confirmer quand même le RDV de 10 h" in page.text
    assert cast.other_usager.full_name in page.text
    assert confirm(agent, cast, draft).status_code == 302
    assert AgentRdv.objects.filter(starts_at=TEN, overlap_accepted=True).count() == 1


def test_decision_10_a_creneau_taken_meanwhile_is_refused(agent, cast):
    full(cast, from_slot=True)
    RdvFactory(motif=cast.motif, agents=[cast.owner], usagers=[cast.other_usager], starts_at=TEN)
    answer = confirm(agent, cast)
    assert answer.status_code == 422
    assert "vient d’être pris" in answer.text
    data = {"day": "2027-01-12", "time": "10:10", "duration": "30", "agents": [cast.owner.pk]}
    agent.post(url("details", cast), {**data, "lieu": cast.lieu.pk})
    assert not content().from_slot  # placed by hand since
    assert confirm(agent, cast).status_code == 302


def test_E05_two_clicks_create_one_rdv(agent, cast):
    full(cast)
    address = url("confirm", cast)
    first = confirm(agent, cast)
    assert first.status_code == 302
    rdv = Rdv.objects.get(starts_at=TEN)
    page = reverse("planning:rdv_detail", args=[rdv.uuid])
    assert agent.post(address, {"warnings": ""}).url == page
    assert [agent.get(url(s, cast)).url for s in ("motif", "usagers", "details", "confirm")] == (
        [page] * 4
    )
    assert Rdv.objects.filter(starts_at=TEN).count() == 1
    assert the_draft().content == {"rdv": str(rdv.uuid)}  # nobody's name is kept


def test_E05_each_person_has_switches_and_texts(agent, cast):
    silent = UsagerFactory(
        territoire=cast.territoire, organisations=[cast.organisation], email=None, phone_number=""
    )
    cast.motif.instructions = "Apportez une facture."
    cast.motif.save()
    full(cast, usagers=(cast.usager.pk, silent.pk))
    page = agent.get(url("confirm", cast))
    (texts,) = page.context["texts"]
    assert "Apportez une facture." in texts.email.body
    assert texts.email.subject in page.text
    assert "12/01" in texts.sms.body
    assert cast.motif.name not in texts.sms.body  # decision 31
    assert "de vive voix" in page.text
    answer = agent.post(url("confirm", cast), {"warnings": ""})
    assert answer.status_code == 302
    row = Rdv.objects.get(starts_at=TEN).participations.get(usager=cast.usager)
    assert (row.notifies_changes, row.notifies_reminder) == (False, False)


def test_decision_7_a_silent_motif_says_that_nobody_is_told(agent, cast):
    cast.motif.visibility = "invisible"
    cast.motif.save()
    full(cast)
    page = agent.get(url("confirm", cast))
    assert "aucun message ne partira" in page.text
    assert page.context["texts"] == []


def test_E05_the_last_page_reads_and_writes_nothing(agent, cast):
    draft = full(cast)
    before = draft.updated_at
    agent.get(url("confirm", cast))
    draft.refresh_from_db()
    assert draft.updated_at == before
    assert Rdv.objects.count() == 1


def test_E05_duplicate_keeps_everything_but_the_time(agent, cast):
    one_off = LieuFactory(
        organisation=cast.organisation, availability="single_use", name="Salle des fêtes"
    )
    rdv = RdvFactory(
        motif=cast.motif,
        lieu=one_off,
        agents=[cast.owner],
        usagers=[cast.usager],
        context="Dossier bleu",
        starts_at=TEN,
    )
    answer = start(agent, cast, rdv=rdv.uuid)
    assert answer.url == url("details", cast)
    assert content() == DraftContent(
        motif=cast.motif.pk,
        usagers=(cast.usager.pk,),
        agents=(cast.owner.pk,),
        lieu_name="Salle des fêtes",
        lieu_address=one_off.address,
        context="Dossier bleu",
    )
    hidden = RdvFactory(motif=MotifFactory(organisation=cast.organisation, service=service("pmi")))
    start(agent, cast, rdv=hidden.uuid)
    assert content() == DraftContent()


def test_E05_a_search_completes_the_draft_that_it_came_from(agent, cast):
    start(agent, cast, usager=cast.usager.uuid)
    draft = the_draft()
    answer = start(
        agent,
        cast,
        brouillon=draft.uuid,
        motif=cast.motif.uuid,
        starts_at=TEN.isoformat(),
        agent=cast.owner.uuid,
        lieu=cast.lieu.uuid,
        plage=cast.plage.uuid,
    )
    assert answer.url == url("confirm", cast, draft)
    assert content().usagers == (cast.usager.pk,)
    assert RdvDraft.objects.count() == 1


def test_E07_a_workshop_goes_on_without_anybody(agent, cast):
    motif = MotifFactory(organisation=cast.organisation, is_collective=True, name="Atelier budget")
    start(agent, cast, motif=motif.uuid)
    page = agent.get(url("usagers", cast))
    assert "Continuer sans participant" in page.text
    data = {
        "day": "2027-01-12",
        "time": "10:00",
        "duration": "90",
        "agents": [cast.owner.pk],
        "lieu": cast.lieu.pk,
        "title": "Gérer son budget",
        "seats_total": "8",
    }
    assert agent.post(url("details", cast), data).url == url("confirm", cast)
    confirm(agent, cast)
    rdv = Rdv.objects.get(motif=motif)
    assert (rdv.title, rdv.seats_total, rdv.participations.count()) == ("Gérer son budget", 8, 0)


def test_F04_drafts_are_forgotten_after_a_day(cast):
    old, recent = full(cast), full(cast)
    RdvDraft.objects.filter(pk=recent.pk).update(updated_at=NOW + timedelta(seconds=1))
    assert purge_rdv_drafts(now=NOW + timedelta(hours=24)) == 0
    with time_machine.travel(NOW + timedelta(hours=24, seconds=1), tick=False):
        purge_rdv_drafts_task()
    assert list(RdvDraft.objects.all()) == [recent]
    assert not RdvDraft.objects.filter(pk=old.pk).exists()


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
