"""E05: the steps of a RDV under preparation, as an agent walks through them without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from planning.models import Rdv, RdvDraft
from planning.rules.rdv_draft import DraftContent
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


def test_E05_from_a_time_of_the_agenda_motif_three_letters_confirm(drafting, cast):
    answer = start(drafting, cast, starts_at="2027-01-12T10:00", agent=cast.owner.uuid)
    assert answer.url == url("motif", cast)
    answer = drafting.post(answer.url, {"motif": cast.second.uuid})
    assert answer.url == url("usagers", cast)
    found = drafting.post(answer.url, {"q": cast.usager.last_name[:3]})
    assert f'value="{cast.usager.uuid}"' in found.text
    answer = drafting.post(answer.url, {"ajouter": cast.usager.uuid})
    assert answer.url == url("confirm", cast)  # the only open lieu was taken for granted
    page = drafting.get(answer.url)
    assert "Confirmer le RDV de" in page.text
    assert "mardi 12 janvier 2027 à 10 h" in page.text.lower()
    answer = confirm(drafting, cast)
    rdv = Rdv.objects.get(motif=cast.second)
    assert (rdv.starts_at, rdv.ends_at) == (TEN, TEN + timedelta(minutes=45))
    assert (rdv.lieu, rdv.agents.get()) == (cast.lieu, cast.owner)
    agenda = reverse("planning:agenda_of", args=[cast.organisation.uuid, cast.owner.uuid])
    assert answer.url == f"{agenda}?vue=jour&date=2027-01-12&rdv={rdv.uuid}"
    shown = drafting.get(answer.url)
    assert f"Le RDV de {cast.usager.full_name} est créé : mardi 12 janvier 2027 à 10 h." in (
        shown.text
    )


def test_E05_the_length_marked_in_the_agenda_is_kept(drafting, cast):
    marked = {"starts_at": "2027-01-12T10:00", "agent": cast.owner.uuid}
    for end, minutes in (("10:30", 45), ("11:30", 90)):
        start(drafting, cast, **marked, ends_at=f"2027-01-12T{end}")
        drafting.post(url("motif", cast), {"motif": cast.second.uuid})
        assert content().ends_at - content().starts_at == timedelta(minutes=minutes)
    drafting.post(url("motif", cast), {"motif": cast.motif.uuid})  # another motif, its own length
    assert content().ends_at - content().starts_at == HALF


def test_E05_a_creneau_leaves_the_person_and_the_confirmation(drafting, cast):
    answer = start(
        drafting,
        cast,
        motif=cast.motif.uuid,
        starts_at=TEN.isoformat(),
        agent=cast.owner.uuid,
        lieu=cast.lieu.uuid,
        plage=cast.plage.uuid,
    )
    assert answer.url == url("usagers", cast)
    assert content().from_slot
    assert drafting.post(answer.url, {"ajouter": cast.usager.uuid}).url == url("confirm", cast)


def test_E05_the_lieu_is_where_the_agent_receives_at_that_time(drafting, cast):
    LieuFactory(organisation=cast.organisation)
    there = LieuFactory(organisation=cast.organisation)
    PlageOuvertureFactory(lieu=there, agent=cast.owner, first_day=TEN.date())
    hours = {"motif": cast.motif.uuid, "agent": cast.owner.uuid}
    start(drafting, cast, starts_at=TEN.isoformat(), **hours)
    assert content().lieu == there.pk
    start(drafting, cast, starts_at=(TEN + timedelta(days=1)).isoformat(), **hours)
    assert content().lieu is None


def test_E05_without_anything_the_steps_follow_each_other(drafting, cast):
    answer = start(drafting, cast)
    assert answer.url == url("motif", cast)
    assert drafting.get(url("details", cast)).url == url("motif", cast)
    assert drafting.get(url("confirm", cast)).url == url("motif", cast)
    drafting.post(answer.url, {"motif": cast.motif.uuid})
    answer = drafting.post(url("usagers", cast), {"ajouter": cast.usager.uuid})
    assert answer.url == url("details", cast)
    page = drafting.get(answer.url)
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
    assert drafting.post(answer.url, data).url == url("confirm", cast)
    page = drafting.get(url("confirm", cast))
    for word in ("50 min", "Mairie annexe", "Vient avec son frère", cast.same_service.full_name):
        assert word in page.text
    for step in ("motif", "usagers", "details"):
        assert f'href="{url(step, cast)}"' in page.text
    confirm(drafting, cast)
    rdv = Rdv.objects.get(lieu__name="Mairie annexe")
    assert (rdv.ends_at - rdv.starts_at, rdv.agents.count()) == (timedelta(minutes=50), 2)


def test_E05_wrong_details_come_back_as_they_were_typed(drafting, cast):
    full(cast)
    data = {
        "day": "2027-01-12",
        "time": "10:00",
        "duration": "0",
        "lieu": "autre",
        "context": "Oui",
    }
    answer = drafting.post(url("details", cast), data)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {
        "duration",
        "agents",
        "lieu_name",
        "lieu_address",
    }
    assert ">\nOui</textarea>" in answer.text


def test_decision_9_forged_keys_never_enter_a_draft(drafting, cast):
    pmi = MotifFactory(organisation=cast.organisation, service=service("pmi"))
    elsewhere = LieuFactory(organisation=cast.elsewhere_organisation)
    stranger = UsagerFactory()
    start(
        drafting,
        cast,
        motif=pmi.uuid,
        agent=[cast.other_service.uuid, cast.elsewhere.uuid],
        lieu=elsewhere.uuid,
        usager=[stranger.uuid, "not-a-uuid"],
        rdv="nonsense",
        starts_at="yesterday",
    )
    assert content() == DraftContent()
    assert drafting.post(url("motif", cast), {"motif": pmi.uuid}).status_code == 404
    assert drafting.post(url("usagers", cast), {"ajouter": stranger.uuid}).status_code == 404
    full(cast)
    data = {"day": "2027-01-12", "time": "10:00", "duration": "30", "lieu": elsewhere.pk}
    answer = drafting.post(url("details", cast), {**data, "agents": [cast.elsewhere.pk]})
    assert set(answer.context["form"].errors) == {"agents", "lieu"}


def test_E05_duplicate_keeps_everything_but_the_time(drafting, cast):
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
    answer = start(drafting, cast, rdv=rdv.uuid)
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
    start(drafting, cast, rdv=hidden.uuid)
    assert content() == DraftContent()


def test_E05_a_search_completes_the_draft_that_it_came_from(drafting, cast):
    start(drafting, cast, usager=cast.usager.uuid)
    draft = the_draft()
    answer = start(
        drafting,
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


def test_E07_a_workshop_goes_on_without_anybody(drafting, cast):
    motif = MotifFactory(organisation=cast.organisation, is_collective=True, name="Atelier budget")
    start(drafting, cast, motif=motif.uuid)
    page = drafting.get(url("usagers", cast))
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
    assert drafting.post(url("details", cast), data).url == url("confirm", cast)
    confirm(drafting, cast)
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
