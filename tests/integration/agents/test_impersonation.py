"""I03: a super-administrator in the name of an agent: open, short, signed, and only that."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.models import AuditEntry, RetentionReport, Step
from agents.queries.actor import signed_by
from planning.rules.rdv_bulk import NewLine
from planning.services.rdv_bulk_run import run_rdv_bulk
from planning.services.rdv_bulk_start import start_rdv_bulk
from rdv.accounts.models import Account
from tests.factories.planning import NOW

pytestmark = pytest.mark.django_db
START, END = "agents:impersonation", "agents:impersonation_end"


@pytest.fixture
def chief(client):
    account = Account.objects.create_superuser("chef@example.fr", "x")
    client.force_login(account)
    return account


def start(client, agent):
    typed = {"email": agent.email.upper(), "reason": "Demande d’aide 1234"}
    return client.post(reverse(START), typed)


def test_I03_what_is_done_is_signed_by_both_and_shown_on_each_page(client, cast, chief):
    with time_machine.travel(NOW, tick=False):
        client.force_login(chief)
        assert client.post(reverse(START), {"email": cast.owner.email}).status_code == 422
        assert start(client, cast.usager).status_code == 422  # no agent
        assert start(client, cast.owner).status_code == 302
        page = client.get(reverse("planning:rdv_detail", args=[cast.rdv.uuid])).content.decode()
        assert (
            f"chef@example.fr, vous agissez au nom de {cast.owner.full_name} jusqu’à 10 h 00"
            in page
        )
        done = client.post(
            reverse("planning:rdv_cancel", args=[cast.rdv.uuid]),
            {"status": "revoked", "seen_version": "0", "notifies": "on"},
        )
        assert done.status_code == 302
        assert client.post(reverse(END)).status_code == 302
        assert client.get(reverse("agents:home")).status_code in (302, 403, 404)
        assert client.post(reverse(END)).status_code == 404
    signed = f"[Admin] chef@example.fr pour {cast.owner.full_name}"
    assert cast.rdv.events.get().author_name == signed
    written = AuditEntry.objects.filter(superadmin=chief)
    assert set(written.values_list("action", flat=True)) == {
        "impersonation_started",
        "rdv_seen",
        "rdv_cancelled",
        "impersonation_ended",
    }
    assert written.get(action="rdv_cancelled").agent == cast.owner
    began = written.get(action="impersonation_started")
    assert (began.organisation, began.detail) == (
        cast.organisation,
        {"reason": "Demande d’aide 1234"},
    )


def test_I03_what_a_super_administrator_does_is_told_apart_and_no_connection_keeps_it(
    client, cast, chief
):
    """Every statement of a request is one that any pooled connection may carry."""
    with time_machine.travel(NOW, tick=False):
        client.force_login(cast.admin.account)
        fiche = reverse("usagers:usager_detail", args=[cast.organisation.uuid, cast.usager.uuid])
        client.get(fiche)
        client.force_login(chief)
        start(client, cast.admin)
        with CaptureQueriesContext(connection) as said:
            client.get(fiche)  # within the hour of the admin's own look
            close = reverse("planning:lieu_close", args=[cast.lieu.uuid])
            assert client.post(close, {"rdvs": "keep"}).status_code == 302
        statements = [row["sql"] for row in said]
        kept = [sql for sql in statements if "set_config" in sql or sql.startswith("SET ")]
        assert [sql for sql in kept if not sql.startswith("SET LOCAL")] == []
        looks = AuditEntry.objects.filter(action="usager_seen").order_by("pk")
        assert [look.superadmin for look in looks] == [None, chief]
        assert AuditEntry.objects.get(action="lieu_closed").superadmin == chief
        client.force_login(cast.owner.account)  # whoever is given that connection next
        client.get(reverse("planning:rdv_detail", args=[cast.rdv.uuid]))
    assert AuditEntry.objects.get(action="rdv_seen").superadmin is None


def test_I03_the_worker_signs_what_a_super_administrator_started(cast, chief):
    actor = signed_by(cast.actor("owner"), chief)
    rdv = cast.rdv
    line = NewLine(rdv_id=rdv.pk, act="cancel", seen_version=rdv.version, seen_status=rdv.status)
    bulk = start_rdv_bulk(
        uuid=uuid4(),
        organisation_id=cast.organisation.pk,
        lines=[line],
        notifies=True,
        note="",
        actor=actor,
        now=NOW,
    )
    run_rdv_bulk(bulk_id=bulk.pk, now=NOW)
    assert rdv.events.get().author_name.startswith("[Admin] chef@example.fr")
    assert AuditEntry.objects.get(action="rdv_cancelled").superadmin == chief


def test_I03_nothing_of_the_agents_sign_in_is_within_reach(client, cast, chief):
    start(client, cast.owner)
    for name in ("account_change_password", "mfa_index", "account_devices", "agents:webcal"):
        assert client.get(reverse(name)).status_code == 403
    assert client.post(reverse("agents:profile"), {"first_name": "X"}).status_code == 403
    assert client.get(reverse("technical_home")).status_code == 404  # an agent’s pages only
    assert not Session.objects.filter(account_session__account=cast.owner.account).exists()


def test_I03_it_ends_after_an_hour_and_leaves_the_agents_sessions_alone(client, cast, chief):
    other = type(client)()
    with time_machine.travel(NOW, tick=False) as clock:
        client.force_login(chief)
        other.force_login(cast.owner.account)
        start(client, cast.owner)
        for minutes in (25, 25, 9):
            clock.shift(timedelta(minutes=minutes))
            assert client.get(reverse("agents:profile")).status_code == 200
        clock.shift(timedelta(minutes=2))
        over = client.get(reverse("agents:profile"))
        assert over.url == reverse(START)
        assert "L’heure est passée" in client.get(over.url).content.decode()
        assert other.get(reverse("agents:profile")).status_code == 200
    assert AuditEntry.objects.get(action="impersonation_ended").superadmin == chief


def test_I03_only_super_administrators_and_only_active_agents(client, cast, chief):
    cast.owner.deactivated_at = NOW
    cast.owner.save()
    assert start(client, cast.owner).status_code == 422
    client.force_login(cast.territoire_admin.account)
    assert client.get(reverse(START)).status_code == 404
    assert start(client, cast.same_service).status_code == 404


def test_decision_5_the_reports_are_read_by_super_administrators(client, chief):
    RetentionReport.objects.create(step=Step.USAGERS, at=NOW, rows=3)
    page = client.get(reverse("admin:agents_retentionreport_changelist")).content.decode()
    assert "usagers inactifs anonymisés" in page
    assert client.get(reverse("admin:agents_retentionreport_add")).status_code == 403
