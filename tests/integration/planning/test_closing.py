"""G07, G10, G13: archiving a motif, closing a lieu, moving it: what is to come is asked about."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from motifs.models import Availability, Lieu
from notifications.models import OutboxMessage
from planning.models import PlageOuverture, RdvBulk, RdvBulkLine, RdvEvent
from planning.queries.closing import Coming
from planning.services.rdv_bulk_run import run_rdv_bulk
from tests.factories import RdvFactory
from tests.factories.planning import NOW


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(client, cast):
    client.force_login(cast.admin.account)
    return cast.admin


@pytest.fixture
def list_url(cast):
    return reverse("motifs:motif_list", args=[cast.organisation.uuid])


def test_G13_archiving_asks_about_the_coming_rdvs(client, cast, admin, list_url):
    url = reverse("planning:motif_archive", args=[cast.motif.uuid])
    page = client.get(url)
    assertContains(page, "Un RDV à venir")
    assertContains(page, reverse("planning:rdv_detail", args=[cast.rdv.uuid]))
    assertContains(client.post(url), "Que faire de ces RDV", status_code=422)
    assert client.post(url, {"rdvs": "détruire"}).status_code == 422
    assertRedirects(client.post(url, {"rdvs": "keep"}), list_url)
    cast.motif.refresh_from_db()
    cast.rdv.refresh_from_db()
    assert (cast.motif.archived_at, cast.rdv.status) == (NOW, "unknown")
    assert client.post(url).status_code == 404
    assertNotContains(client.get(list_url), cast.motif.name)
    assertContains(client.get(list_url, {"archives": "1"}), cast.motif.name)


@pytest.mark.parametrize("page", ["motif_archive", "lieu_close"])
def test_G13_a_rdv_booked_since_the_page_was_read_is_asked_about(
    client, cast, admin, monkeypatch, page
):
    """Nobody was asked, since there was none: once the row is held there is one."""
    row = cast.motif if page == "motif_archive" else cast.lieu
    url = reverse(f"planning:{page}", args=[row.uuid])
    view = import_module(f"planning.views.{page}")
    none = Coming(cast.motif.rdvs.none(), 0, "")
    with monkeypatch.context() as patch:
        patch.setattr(view, "coming_of", lambda *_args, **_named: none)
        response = client.post(url)
    assertRedirects(response, url, fetch_redirect_response=False)
    assertContains(client.get(url), "Un RDV vient d’être pris")
    row.refresh_from_db()
    assert (cast.motif.archived_at, cast.lieu.availability) == (None, Availability.OPEN)
    assert not OutboxMessage.objects.exists()


def test_G13_archiving_leads_to_what_cancels_or_moves_them(client, cast, admin):
    RdvFactory(
        motif=cast.motif,
        lieu=cast.lieu,
        agents=[cast.owner],
        usagers=[cast.usager],
        starts_at=cast.rdv.starts_at + timedelta(days=30),
    )
    url = reverse("planning:motif_archive", args=[cast.motif.uuid])
    page = client.post(url, {"rdvs": "change"}, follow=True)
    assert page.redirect_chain[0][0].startswith(
        reverse("planning:rdv_bulk", args=[cast.organisation.uuid])
    )
    assertContains(page, "2 RDV concernés")
    assertContains(page, f"{cast.motif.name} (archivé)")


def test_G13_the_list_of_rdvs_is_paged(client, cast, admin, django_assert_max_num_queries):
    for days in range(1, 24):
        RdvFactory(
            motif=cast.motif, lieu=cast.lieu, starts_at=cast.rdv.starts_at + timedelta(days=days)
        )
    url = reverse("planning:lieu_close", args=[cast.lieu.uuid])
    with django_assert_max_num_queries(20):
        page = client.get(url)
    assertContains(page, "24 RDV à venir")
    assert len(page.context["page"].object_list) == 20
    assert len(client.get(url, {"page": "2"}).context["page"].object_list) == 4


def test_G13_closing_a_lieu_tells_its_agents_once(client, cast, admin):
    url = reverse("planning:lieu_close", args=[cast.lieu.uuid])
    page = client.get(url)
    assertContains(page, "Une plage d’ouverture en cours a lieu ici")
    assertContains(page, cast.owner.full_name)
    assert client.post(url).status_code == 422
    back = reverse("motifs:lieu_list", args=[cast.organisation.uuid])
    assertRedirects(client.post(url, {"rdvs": "keep"}), back)
    assertRedirects(client.post(url, {"rdvs": "keep"}), back)
    cast.lieu.refresh_from_db()
    assert cast.lieu.availability == Availability.CLOSED
    message = OutboxMessage.objects.get(kind="plage_agent")
    assert message.recipient == cast.owner.email
    assert "(fermé)" in message.body
    assert PlageOuverture.objects.get(pk=cast.plage.pk).ics_sequence == 1
    assert not OutboxMessage.objects.filter(kind__startswith="rdv_").exists()
    reopen = reverse("motifs:lieu_reopen", args=[cast.lieu.uuid])
    assert client.get(reopen).status_code == 405
    client.post(reopen)
    cast.lieu.refresh_from_db()
    assert cast.lieu.availability == Availability.OPEN


@pytest.fixture
def moved(cast):
    """What the form of the lieu posts when its address changes."""
    return {"name": cast.lieu.name, "address": "9 rue Neuve, 62000 Arras"}


def test_G13_a_new_address_asks_then_tells(client, cast, admin, moved):
    url = reverse("planning:lieu_edit", args=[cast.lieu.uuid])
    former = cast.lieu.address
    page = client.post(url, moved)
    assertContains(page, "Prévenir les personnes de la nouvelle adresse ?")
    assert page.context["form"]["address"].value() == moved["address"]
    assert Lieu.objects.get(pk=cast.lieu.pk).address == former
    assert client.post(url, {**moved, "asked": "1"}).status_code == 422
    page = client.post(url, {**moved, "asked": "1", "tell": "yes"})
    bulk = RdvBulk.objects.get()
    result = reverse("planning:rdv_bulk_result", args=[cast.organisation.uuid, bulk.uuid])
    assertRedirects(page, result)
    assert Lieu.objects.get(pk=cast.lieu.pk).address == moved["address"]
    assert not OutboxMessage.objects.exists()
    run_rdv_bulk(bulk_id=bulk.pk, now=NOW)
    run_rdv_bulk(bulk_id=bulk.pk, now=NOW)  # a task that comes twice
    mail = OutboxMessage.objects.get(kind="rdv_changed", channel="email")
    assert mail.recipient == cast.usager.email
    assert former in mail.body
    assert moved["address"] in mail.body
    told = OutboxMessage.objects.get(kind="rdv_changed_agent")
    assert told.recipient == cast.owner.email
    event = RdvEvent.objects.get(rdv=cast.rdv)
    assert event.changes["lieu"][1].endswith(moved["address"])
    assertContains(client.get(result), "Nouvelle adresse annoncée")


def test_G13_nobody_is_told_when_that_is_chosen_or_too_late(client, cast, admin, moved):
    url = reverse("planning:lieu_edit", args=[cast.lieu.uuid])
    client.post(url, {**moved, "asked": "1", "tell": "no"})
    assert not RdvBulk.objects.exists()
    # The same address again: nothing to ask.
    back = reverse("motifs:lieu_list", args=[cast.organisation.uuid])
    assertRedirects(client.post(url, {**moved, "name": "Autre nom"}), back)
    client.post(url, {**moved, "address": "Ailleurs", "asked": "1", "tell": "yes"})
    cast.rdv.status, cast.rdv.cancelled_at = "revoked", NOW
    cast.rdv.save()
    run_rdv_bulk(bulk_id=RdvBulk.objects.get().pk, now=NOW)
    assert RdvBulkLine.objects.get().state == "skipped"
    assert not OutboxMessage.objects.exists()
