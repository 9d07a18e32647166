"""H01, E08, G09: « Exporter » on the list of RDVs, « Vos exports », and the download."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.models import AuditEntry, RoleOrganisation
from planning.models import Export
from planning.queries.rdv_filter import filter_from_json, filtered_rdvs
from planning.rules import export as rule
from tests.factories import MotifFactory, RdvFactory
from tests.factories.planning import NOW
from tests.integration.planning.exports import ask, build, lines, replaced

pytestmark = pytest.mark.usefixtures("_now", "export_store")
LIST = "/exports/"


@pytest.fixture
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(client, cast):
    cast.sign_in(client, "admin")
    return client


def url_of(cast, query="", organisation=None):
    return (
        reverse("planning:export_request", args=[(organisation or cast.organisation).uuid])
        + f"?{query}"
    )


def text_of(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def post(client, cast, query="", **data):
    data = {"uuid": uuid4(), "kind": "rdv", "file_format": "xlsx"} | data
    return client.post(url_of(cast, query), data)


def download(client, export):
    return client.get(reverse("planning:export_download", args=[export.uuid]))


def test_E08_the_list_offers_to_export_what_it_shows_to_admins_only(client, cast):
    query = f"debut=&motifs={cast.motif.uuid}"
    address = f"{reverse('planning:rdv_list', args=[cast.organisation.uuid])}?{query}"
    cast.sign_in(client, "secretary")
    assert "Exporter" not in text_of(client.get(address))
    cast.sign_in(client, "admin")
    page = BeautifulSoup(client.get(address).content, "html.parser")
    assert page.find("a", string="Exporter")["href"] == url_of(cast, query)


def test_E08_H01_the_request_keeps_the_filters_of_the_list(admin, cast):
    motif = MotifFactory(organisation=cast.organisation)
    kept = RdvFactory(
        motif=motif,
        lieu=cast.lieu,
        agents=[cast.owner],
        agents__overlap_accepted=True,
        usagers=[cast.usager],
    )
    query = f"debut=2027-01-11&fin=2027-01-12&motifs={motif.uuid}&statut=upcoming"
    query += f"&usager={cast.usager.uuid}&agents={cast.owner.uuid}"
    page = admin.get(url_of(cast, query))
    text = text_of(page)
    for words in ("lundi 11 janvier 2027", motif.name, "À venir", cast.usager.full_name):
        assert words in text
    assert "1 RDV, 1 participation" in text
    response = post(admin, cast, query, kind="participations")
    assert response.url == LIST == reverse("planning:export_list")
    export = Export.objects.get()
    assert (export.state, export.kind, export.rows_total) == ("pending", "participations", 1)
    wanted = filter_from_json(export.filters, cast.organisation)
    assert list(filtered_rdvs(cast.actor("admin"), wanted, now=NOW)) == [kept]
    assert "En attente" in text_of(admin.get(LIST)).replace("en attente", "En attente")


def test_H01_a_second_click_asks_for_nothing_more(admin, cast):
    page = admin.get(url_of(cast))
    uuid = re.search(r'name="uuid" value="([^"]+)"', page.content.decode())[1]
    for _ in range(2):
        assert post(admin, cast, uuid=uuid).status_code == 302
    assert Export.objects.count() == 1


def test_H01_refusals_are_said_and_what_was_chosen_comes_back(admin, cast, monkeypatch):
    assert post(admin, cast, kind="").status_code == 422
    monkeypatch.setattr(rule, "MOST_IN_XLSX", 0)
    response = post(admin, cast, kind="participations")
    assert response.status_code == 422
    assert "1 000 000 de lignes" in text_of(response)
    page = BeautifulSoup(response.content, "html.parser")
    assert page.find("input", value="participations").has_attr("checked")
    assert not Export.objects.exists()
    invalid = admin.get(url_of(cast, "debut=2027-02-01&fin=2027-01-01"))
    assert invalid.url == reverse("planning:rdv_list", args=[cast.organisation.uuid]) + (
        "?debut=2027-02-01&fin=2027-01-01"
    )


def test_decision_33_one_organisation_at_a_time(client, cast):
    """The list may show several: the page exports one, and leads to the others one may export."""
    cast.sign_in(client, "territoire_admin")
    other = cast.elsewhere_organisation
    query = f"org={cast.organisation.uuid}&org={other.uuid}"
    text = text_of(client.get(url_of(cast, query)))
    assert "une seule organisation" in text
    assert other.name in text
    post(client, cast, query)
    assert build(Export.objects.get()).rows_total == 1
    cast.sign_in(client, "admin")
    RoleOrganisation.objects.create(agent=cast.admin, organisation=other, level="basique")
    assert "une seule organisation" not in text_of(client.get(url_of(cast, query)))
    address = reverse("planning:rdv_list", args=[cast.organisation.uuid])
    assert "Exporter" not in text_of(client.get(f"{address}?org={other.uuid}"))


def test_H01_the_file_is_streamed_to_its_author_and_audited(admin, cast):
    export = build(ask(cast))
    response = download(admin, export)
    assert response.streaming
    assert b"".join(response.streaming_content)[:2] == b"PK"
    assert response["Content-Disposition"] == f'attachment; filename="{export.file_name}"'
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    entry = AuditEntry.objects.get(action="export_downloaded")
    assert (entry.agent, entry.organisation) == (cast.admin, cast.organisation)
    assert entry.object_uuid == export.uuid


def test_H01_nobody_else_downloads_and_no_right_no_file(client, cast):
    export = build(ask(cast))
    for who, status in (("territoire_admin", 404), ("owner", 404), ("usager", 404)):
        cast.sign_in(client, who)
        assert download(client, export).status_code == status
    cast.sign_in(client, "admin")
    replaced(cast)
    RoleOrganisation.objects.filter(agent=cast.admin).update(level="basique")
    assert download(client, export).status_code == 403
    assert "Vous n’avez plus le droit de télécharger" in text_of(client.get(LIST))
    assert not AuditEntry.objects.filter(action="export_downloaded").exists()


def test_scenario_59_an_expired_file_is_said_and_not_given(client, cast):
    export = build(ask(cast))

    def page_at(instant):
        with time_machine.travel(instant, tick=False):
            cast.sign_in(client, "admin")  # nobody stays signed in for a day
            return text_of(client.get(LIST))

    assert "Télécharger" in page_at(export.expires_at - timedelta(seconds=1))
    text = page_at(export.expires_at)
    assert "expiré" in text
    assert "Télécharger" not in text
    with time_machine.travel(export.expires_at, tick=False):
        assert download(client, export).url == LIST
        assert "Ce fichier n’existe plus" in text_of(client.get(LIST))
    assert "Aucun export" in page_at(NOW + timedelta(days=14))


def test_G09_H01_the_list_says_where_each_export_stands(admin, cast):
    ready = build(ask(cast, file_format="csv"))
    waiting = ask(cast)
    running = ask(cast, kind="participations", states=frozenset({"seen"}))
    Export.objects.filter(pk=running.pk).update(
        state="running", started_at=NOW, lease_until=NOW, rows_done=1500, rows_total=4000
    )
    failed = ask(cast)
    Export.objects.filter(pk=failed.pk).update(
        state="failed", finished_at=NOW, error=rule.UNEXPECTED
    )
    ask(cast, who="territoire_admin")
    page = BeautifulSoup(admin.get(LIST).content, "html.parser")
    items = [" ".join(item.get_text(" ").split()) for item in page.select(".rdv-export")]
    assert len(items) == 4
    assert any("37 % : 1 500 lignes sur 4 000" in item and "statuts" in item for item in items)
    assert any(rule.UNEXPECTED in item and "Réessayer" in item for item in items)
    assert any("1 ligne à écrire" in item and "Annuler" in item for item in items)
    assert any("le mardi 5 janvier 2027 à 9 h" in item and "Télécharger" in item for item in items)
    bar = page.find("progress")
    assert (bar["value"], bar["max"]) == ("1500", "4000")
    assert page.find(id=bar["aria-labelledby"]).get_text() == cast.organisation.name
    zone = page.find(id="exports")
    assert (zone["hx-get"], zone["hx-trigger"]) == (LIST, "every 2s")
    assert zone["hx-headers"] == '{"X-Rdv-Background": "1"}'
    for export, act, state in ((waiting, "cancel", "cancelled"), (failed, "retry", "pending")):
        url = reverse(f"planning:export_{act}", args=[export.uuid])
        assert admin.post(url).url == LIST
        assert Export.objects.get(pk=export.pk).state == state
    Export.objects.exclude(pk=ready.pk).delete()
    page = BeautifulSoup(admin.get(LIST).content, "html.parser")
    assert not page.find(id="exports").has_attr("hx-get")  # nothing moves any more
    assert "Vos exports" in page.find(class_="rdv-account").get_text()


def test_H01_the_list_is_a_constant_number_of_statements(admin, cast):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            admin.get(LIST)
        return len(captured)

    ask(cast)
    statements()  # the session is written once
    few = statements()
    for _ in range(5):
        ask(cast)
    assert statements() == few


def test_H01_acts_on_what_has_ended_change_nothing(admin, cast):
    export = build(ask(cast))
    for act in ("cancel", "retry"):
        assert admin.post(reverse(f"planning:export_{act}", args=[export.uuid])).url == LIST
    assert Export.objects.get().state == "done"
    failed = ask(cast)
    Export.objects.filter(pk=failed.pk).update(state="failed", finished_at=NOW, error="x")
    replaced(cast)
    RoleOrganisation.objects.filter(agent=cast.admin).update(level="basique")
    admin.post(reverse("planning:export_retry", args=[failed.uuid]))
    assert rule.RIGHT_LOST in text_of(admin.get(LIST))
    assert len(lines(export)) == 2
