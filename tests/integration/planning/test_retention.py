"""Decision 5: what is forgotten with time, by clocks that are moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from agents.models import Agent, AuditEntry, RetentionReport, Step
from agents.services.audit_retention import purge_audit
from agents.services.retention_report import run_step
from notifications.models import BlockedAddress, OutboxMessage, State
from notifications.services.message_retention import purge_messages
from planning.models import Participation, Rdv, RdvEvent
from planning.services.agent_retention import deactivate_unused_agents, notify_unused_agents
from planning.services.blocked_address_retention import purge_blocked_addresses
from planning.services.rdv_retention import purge_authors, purge_history_values, purge_rdvs
from planning.services.usager_retention import (
    anonymise_quiet_usagers,
    close_lone_accounts,
    notify_quiet_usagers,
)
from planning.tasks import STEPS, run_retention_task
from rdv.accounts.models import Account
from rdv.schedule import BEAT
from tests.factories import RdvFactory, UsagerFactory
from tests.factories.planning import NOW
from usagers.models import Usager

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OLD = datetime(2020, 3, 2, 9, 0, tzinfo=UTC)
PAST = datetime(2021, 6, 1, 9, 0, tzinfo=UTC)
DUE = PAST + timedelta(days=732)


def aged(at, *people):
    """Write these fiches, their accounts and their places as if at that instant."""
    keys = [person.pk for person in people]
    Usager.objects.filter(pk__in=keys).update(created_at=at, updated_at=at)
    Account.objects.filter(usagers__in=keys).update(created_at=at)
    for person in people:
        person.rattachements.update(created_at=at)


@pytest.fixture
def family(cast):
    here = {"territoire": cast.territoire, "organisations": [cast.organisation]}
    parent = UsagerFactory(first_name="Inès", last_name="Valmont", with_account=True, **here)
    child = UsagerFactory(first_name="Tom", email=None, responsable=parent, **here)
    aged(PAST, parent, child)
    return parent, child


def test_decision_5_a_family_is_told_then_forgotten_together(cast, family):
    parent, child = family
    alone = UsagerFactory(territoire=cast.territoire, email=None)
    aged(PAST, alone)
    early = DUE - timedelta(days=40)
    assert notify_quiet_usagers(now=early) == 0
    warned = DUE - timedelta(days=31)
    assert [notify_quiet_usagers(now=warned) for _ in range(2)] == [1, 0]
    mail = OutboxMessage.objects.get(kind="retention_notice")
    assert mail.recipient == parent.email
    assert "effacées après le" in mail.body
    assert "Tom" not in mail.body
    assert anonymise_quiet_usagers(now=DUE - 2 * DAY) == 0
    assert [anonymise_quiet_usagers(now=DUE) for _ in range(2)] == [3, 0]
    for person in (parent, child, alone):
        person.refresh_from_db()
        assert person.anonymised_at == DUE
        assert person.email is None
        assert str(person) == "Usager SUPPRIMÉ"
    assert AuditEntry.objects.filter(action="usager_expired").count() == 3
    account = mail.recipient
    assert close_lone_accounts(now=DUE) == 1
    assert not Account.objects.filter(email=account).exists()


@pytest.mark.parametrize("what", ["child", "rdv", "history", "sign_in", "place"])
def test_decision_5_whatever_happened_to_one_keeps_them_all(cast, family, what):
    parent, child = family
    recent = DUE - 30 * DAY
    if what == "child":
        Usager.objects.filter(pk=child.pk).update(updated_at=recent)
    elif what == "sign_in":
        Account.objects.filter(pk=parent.account_id).update(last_login=recent)
    elif what == "place":
        child.rattachements.update(created_at=recent)
    else:
        rdv = RdvFactory(motif=cast.motif, usagers=[child], starts_at=PAST, created_at=PAST)
        Participation.objects.filter(rdv=rdv).update(created_at=PAST)
        if what == "rdv":
            rdv.ends_at = recent
            rdv.save()
        else:
            RdvEvent.objects.create(rdv=rdv, at=recent, action="status", author_kind="system")
    Usager.objects.filter(pk=parent.pk).update(retention_notice_at=DUE - 32 * DAY)
    assert notify_quiet_usagers(now=DUE) == 0
    assert anonymise_quiet_usagers(now=DUE) == 0


def test_decision_5_two_years_after_a_rdv_only_figures_are_left(cast):
    rdv, recent = cast.rdv, RdvFactory(motif=cast.motif, usagers=[cast.usager], context="Récent")
    Rdv.objects.filter(pk=rdv.pk).update(
        starts_at=OLD, ends_at=OLD + timedelta(minutes=30), context="Dettes", title="Atelier"
    )
    Participation.objects.filter(rdv=rdv).update(needs=["interpreter"], needs_details="farsi")
    changes = {"context": ["", "Dettes"], "status": ["unknown", "seen"]}
    author = {"author_kind": "prescripteur", "author_name": "Paul Durand"}
    RdvEvent.objects.create(rdv=rdv, at=OLD, action="edited", changes=changes, **author)
    RdvEvent.objects.create(rdv=recent, at=NOW, action="edited", changes=changes, **author)
    assert [purge_rdvs(now=NOW) for _ in range(2)] == [2, 0]
    assert [purge_history_values(now=NOW) for _ in range(2)] == [1, 0]
    assert [purge_authors(now=NOW) for _ in range(2)] == [1, 0]
    rdv.refresh_from_db()
    person = rdv.participations.get()
    assert (rdv.context, rdv.title, person.needs, person.needs_details) == ("", "Atelier", [], "")
    line = rdv.events.get()
    assert (line.author_name, line.changes) == ("", {"status": ["unknown", "seen"]})
    assert recent.events.get().author_name == "Paul Durand"
    assert Rdv.objects.get(pk=recent.pk).context == "Récent"


def message(key, at, **values):
    columns = {"recipient": "lea@exemple.fr", "recipient_name": "Léa", "body": "Bonjour Léa"}
    columns |= {"kind": "rdv_created", "channel": "email", "available_at": at, "created_at": at}
    columns |= {"ics": "BEGIN", "ics_method": "PUBLISH", "secret_link": "https://x"}
    return OutboxMessage.objects.create(dedup_key=key, **{**columns, **values})


def test_decision_5_messages_forget_what_they_said_after_six_months():
    ended = {"state": State.SENT, "sent_at": PAST}
    sent, waiting = message("sent", PAST, **ended), message("waiting", PAST)
    part = message("part", PAST, state=State.GROUPED, grouped_in=sent)
    unsent = message("unsent", PAST, state=State.GROUPED, grouped_in=waiting)
    young = message("young", PAST + 10 * DAY, **ended)
    due = PAST + timedelta(days=185)
    assert [purge_messages(now=due) for _ in range(2)] == [2, 0]
    for row in (sent, part):
        row.refresh_from_db()
        said = (row.recipient, row.recipient_name, row.body, row.ics, row.secret_link)
        assert said == ("",) * 5
        assert row.kind == "rdv_created"
    for row in (waiting, unsent, young):
        row.refresh_from_db()
        assert row.body == "Bonjour Léa"


def block(number, at, **values):
    columns = {"channel": "email", "address": f"perdue{number}@exemple.fr", "reason": "bounce"}
    return BlockedAddress.objects.create(at=at, **{**columns, **values})


def test_decision_5_addresses_that_refuse_are_forgotten_like_the_messages(cast):
    """Cleared ones, and those of nobody; one in force stays while somebody bears the address."""
    cleared = {"cleared_at": PAST + 3 * DAY, "cleared_by": cast.admin}
    old, nobodys = block(1, PAST, **cleared), block(2, PAST + 3 * DAY)
    number = str(cast.usager.phone_number)
    kept = [
        block(3, PAST, address=cast.usager.email),
        block(4, PAST, channel="sms", address=number),
        block(5, PAST, address=cast.owner.email),
        block(6, PAST + 4 * DAY),
        block(7, PAST, cleared_at=PAST + 4 * DAY, cleared_by=cast.admin),
    ]
    assert purge_blocked_addresses(now=PAST + 187 * DAY) == 0
    with time_machine.travel(PAST + 187 * DAY + timedelta(hours=1), tick=False):
        run_retention_task()
    assert RetentionReport.objects.get(step=Step.BLOCKED).rows == 2
    left = set(BlockedAddress.objects.values_list("pk", flat=True))
    assert left == {row.pk for row in kept}
    assert not {old.pk, nobodys.pk} & left


def test_decision_5_the_audit_trail_lives_three_years():
    for at in (OLD, NOW):
        AuditEntry.objects.create(at=at, action="read", object_kind="rdv")
    assert [purge_audit(now=NOW) for _ in range(2)] == [1, 0]
    assert AuditEntry.objects.get().at == NOW


def test_decision_5_agents_are_told_then_deactivated_unless_expected(cast):
    everybody = Agent.objects.filter(account__isnull=False)
    everybody.update(created_at=PAST)
    Account.objects.filter(kind="agent").update(created_at=PAST, last_login=DUE)
    gone = [cast.owner, cast.same_service, cast.admin]  # a RDV to come, nothing, the last admin
    Account.objects.filter(agent__in=gone).update(last_login=PAST)
    assert notify_unused_agents(now=DUE - 2 * DAY) == 0
    assert [notify_unused_agents(now=DUE) for _ in range(2)] == [3, 0]
    assert OutboxMessage.objects.filter(kind="inactivity_agent").count() == 3
    assert deactivate_unused_agents(now=DUE + 29 * DAY) == (0, 0)
    assert deactivate_unused_agents(now=DUE + 30 * DAY) == (1, 2)
    cast.same_service.refresh_from_db()
    account = cast.same_service.account
    assert cast.same_service.deactivated_at
    assert not account.is_active
    assert account.email.endswith("@deleted.invalid")
    for agent in (cast.owner, cast.admin):
        agent.refresh_from_db()
        assert agent.deactivated_at is None
    Account.objects.filter(pk=cast.owner.account_id).update(last_login=DUE + 31 * DAY)
    assert deactivate_unused_agents(now=DUE + 40 * DAY) == (0, 1)


def test_decision_5_a_run_writes_what_it_did_and_one_failure_stops_nothing():
    assert BEAT["run_retention"]["task"] == "run_retention"

    def broken(*, now):
        raise ValueError("lea@exemple.fr")

    report = run_step(Step.USAGERS, broken, now=NOW)
    assert (report.error, report.rows) == ("ValueError", 0)
    with time_machine.travel(NOW, tick=False):
        run_retention_task()
    assert set(RetentionReport.objects.values_list("step", flat=True)) == set(map(str, STEPS))
    assert not RetentionReport.objects.exclude(pk=report.pk).exclude(error="").exists()
