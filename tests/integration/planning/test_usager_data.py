"""I03, decision 26: one person's data, given to them or erased; nothing of others is touched."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from agents.models import AuditEntry
from notifications.models import OutboxMessage, State
from planning.models import Participation, Rdv, RdvEvent
from rdv.accounts.models import Account
from tests.factories import RdvFactory, UsagerFactory
from tests.factories.planning import NOW
from usagers.models import Rattachement, Usager

pytestmark = pytest.mark.django_db
ANSWER = {"reason": "person", "accepts": "1", "confirms": "on"}


def written(rdv, usager, text):
    RdvEvent.objects.create(
        rdv=rdv,
        at=NOW,
        action="edited",
        author_kind="usager",
        author_usager=usager,
        author_name="Inès Valmont",
        changes={"context": ["", text], "status": ["unknown", "seen"]},
    )


@pytest.fixture
def world(cast, client):
    person = cast.usager
    Usager.objects.filter(pk=person.pk).update(last_name="Valmont", address="1 rue des Lilas")
    Rattachement.objects.filter(usager=person).update(notes="Suivi social")
    Rdv.objects.filter(pk=cast.rdv.pk).update(context="Contexte à soi")
    shared = RdvFactory(
        motif=cast.motif,
        agents=[cast.owner],
        usagers=[person, cast.other_usager],
        starts_at=cast.rdv.starts_at + timedelta(days=1),
        context="Contexte commun",
        title="Atelier",
    )
    Participation.objects.filter(rdv=shared).update(needs_details="farsi")
    written(cast.rdv, person, "Contexte à soi")
    written(shared, cast.other_usager, "Contexte commun")
    OutboxMessage.objects.create(
        kind="rdv_created",
        channel="email",
        dedup_key="1",
        recipient=person.email,
        body="Bonjour Inès",
        participation=cast.rdv.participations.get(),
        organisation=cast.organisation,
        state=State.SENT,
        sent_at=NOW,
        available_at=NOW,
        created_at=NOW,
    )
    client.force_login(cast.territoire_admin.account)
    return shared


def url(cast, name="usager_data"):
    return reverse(f"planning:{name}", args=[cast.territoire.uuid, cast.usager.uuid])


def test_I03_the_person_gets_all_that_is_held_and_nothing_of_others(client, cast, world):
    answer = client.post(url(cast, "usager_data_download"))
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    texts = [archive.read(name).decode() for name in ("donnees.json", "donnees.html")]
    for text in texts:
        for held in ("Valmont", "1 rue des Lilas", "Suivi social", "Contexte à soi", "Inès"):
            assert held in text
        assert "Contexte commun" not in text
        assert cast.other_usager.last_name not in text
    assert json.loads(texts[0])["Rendez-vous"][0]["Organisation"] == cast.organisation.name
    entry = AuditEntry.objects.get(action="usager_data_downloaded")
    assert (entry.agent, entry.territoire) == (cast.territoire_admin, cast.territoire)


def test_decision_26_erased_only_after_the_rdvs_and_nothing_shared_changes(client, cast, world):
    refused = client.post(url(cast), ANSWER)
    assert refused.status_code == 422
    assert "mardi 12 janvier 2027" in refused.content.decode()
    with time_machine.travel(world.ends_at + timedelta(hours=1), tick=False):
        assert client.post(url(cast), {"accepts": "1"}).status_code == 422  # nothing confirmed
        child = UsagerFactory(territoire=cast.territoire, email=None, responsable=cast.usager)
        assert client.post(url(cast), ANSWER).status_code == 422  # a proche more than announced
        assert child.full_name in client.get(url(cast)).content.decode()
        done = client.post(url(cast), {**ANSWER, "accepts": "2"})
    assert done.status_code == 302
    person = Usager.objects.get(pk=cast.usager.pk)
    assert (str(person), person.email, person.address) == ("Usager SUPPRIMÉ", None, "")
    assert not Account.objects.filter(pk=cast.usager.account_id).exists()
    assert OutboxMessage.objects.get(dedup_key="1").body == ""
    cast.rdv.refresh_from_db()
    assert cast.rdv.context == ""
    line = cast.rdv.events.get(author_kind="usager")
    assert (line.author_name, line.changes) == ("", {"status": ["unknown", "seen"]})
    world.refresh_from_db()
    assert (world.context, world.title) == ("Contexte commun", "Atelier")
    assert world.events.get(author_kind="usager").author_name == "Inès Valmont"
    assert "context" in world.events.get(author_kind="usager").changes
    needs = dict(world.participations.values_list("usager", "needs_details"))
    assert needs == {cast.usager.pk: "", cast.other_usager.pk: "farsi"}
    entries = AuditEntry.objects.filter(action="usager_erased")
    assert {entry.detail["reason"] for entry in entries} == {"person"}
    assert entries.count() == 2
    assert client.get(url(cast)).status_code == 404
