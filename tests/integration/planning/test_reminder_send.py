"""C06: one bad row stops nobody, nothing false leaves, nothing leaves at night."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from notifications.models import OutboxMessage
from planning.models import Participation, Rdv, Reminder
from planning.services import reminder_send
from planning.services.reminder_plan import plan_reminders
from planning.services.reminder_send import BACK_OFF, Sent, send_due_reminders
from planning.tasks import send_due_reminders_task, sweep_reminders_task
from tests.factories import UsagerFactory
from tests.factories.planning import NOW

# Monday 11 January 2027, 10:00 in Paris: due on Saturday 9, 10:00.
START = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
DUE = datetime(2027, 1, 9, 9, 0, tzinfo=UTC)


@pytest.fixture
def rdv(cast):
    plan_reminders(cast.rdv, now=NOW)
    assert Reminder.objects.get().due_at == DUE
    return cast.rdv


def told():
    rows = OutboxMessage.objects.order_by("pk")
    return list(rows.values_list("kind", "channel", "recipient"))


def test_C01_sent_once_by_both_channels(cast, rdv):
    assert send_due_reminders(now=DUE - timedelta(seconds=1)) == Sent()
    assert send_due_reminders(now=DUE) == Sent(done=1)
    assert told() == [
        ("rdv_reminder", "email", cast.usager.email),
        ("rdv_reminder", "sms", str(cast.usager.phone_number)),
    ]
    assert Reminder.objects.get().sent_at == DUE
    assert {m.expires_at for m in OutboxMessage.objects.all()} == {START}
    for minutes in (1, 60, 24 * 60):
        assert send_due_reminders(now=DUE + timedelta(minutes=minutes)) == Sent()
    assert len(told()) == 2


def test_C01_a_family_in_one_rdv_gets_one_message(cast, rdv):
    proche = UsagerFactory(
        territoire=cast.territoire,
        responsable=cast.usager,
        first_name="Zoé",
        email=None,
        phone_number="",
    )
    Participation.objects.create(
        rdv=rdv, usager=proche, created_by_agent=cast.owner, created_at=NOW
    )
    plan_reminders(rdv, now=NOW)
    send_due_reminders(now=DUE)
    assert [channel for _, channel, _ in told()] == ["email", "sms"]
    assert "Zoé" in OutboxMessage.objects.get(channel="email").body
    assert Reminder.objects.filter(sent_at=DUE).count() == 2


@pytest.mark.parametrize(
    "fault",
    [
        "the RDV was cancelled",
        "the RDV was moved",
        "the RDV was deleted",
        "the person left",
        "the switch was put off",
    ],
)
def test_C06_what_no_service_planned_again_is_not_said(rdv, fault):
    changes = {
        "the RDV was cancelled": (Rdv, {"status": "revoked", "cancelled_at": NOW}),
        "the RDV was moved": (Rdv, {"starts_at": START - timedelta(hours=1)}),
        "the RDV was deleted": (Rdv, {"hidden_at": NOW}),
        "the person left": (Participation, {"status": "excused", "cancelled_at": NOW}),
        "the switch was put off": (Participation, {"notifies_reminder": False}),
    }
    model, values = changes[fault]
    model.objects.update(**values)
    assert send_due_reminders(now=DUE) == Sent()
    assert told() == []
    assert not Reminder.objects.exists()


def test_C01_nobody_to_tell_is_done_too(cast, rdv):
    cast.usager.notifies_by_email = cast.usager.notifies_by_sms = False
    cast.usager.save()
    assert send_due_reminders(now=DUE) == Sent(done=1)
    assert told() == []
    assert send_due_reminders(now=DUE + timedelta(minutes=1)) == Sent()


def test_decision_7_a_motif_that_became_invisible_says_nothing(cast, rdv):
    cast.motif.visibility = "invisible"
    cast.motif.save()
    send_due_reminders(now=DUE)
    assert told() == []


def test_C06_late_reminders_wait_for_the_morning_but_not_for_the_rdv(cast, rdv):
    night = datetime(2027, 1, 9, 22, 0, tzinfo=UTC)  # Saturday, 23:00; RDV on Monday at 10:00
    assert send_due_reminders(now=night) == Sent()
    row = Reminder.objects.get()
    assert (row.sent_at, row.retry_at) == (None, datetime(2027, 1, 11, 7, 0, tzinfo=UTC))
    assert send_due_reminders(now=datetime(2027, 1, 11, 6, 59, tzinfo=UTC)) == Sent()
    assert send_due_reminders(now=datetime(2027, 1, 11, 7, 0, tzinfo=UTC)) == Sent(done=1)


def test_C06_never_after_the_start(rdv):
    assert send_due_reminders(now=START) == Sent()
    assert told() == []


def many(cast, count):
    """RDVs of one person, a minute apart, all due on Saturday 9."""
    rdvs = Rdv.objects.bulk_create(
        Rdv(
            organisation=cast.organisation,
            motif=cast.motif,
            starts_at=START + timedelta(seconds=n),
            ends_at=START + timedelta(minutes=30),
            created_at=NOW,
        )
        for n in range(count)
    )
    people = Participation.objects.bulk_create(
        Participation(rdv=rdv, usager=cast.usager, created_by_agent=cast.owner, created_at=NOW)
        for rdv in rdvs
    )
    Reminder.objects.bulk_create(
        Reminder(participation=row, starts_at=row.rdv.starts_at, due_at=DUE, created_at=NOW)
        for row in people
    )
    return rdvs


def test_C06_poisoned_rows_among_1000_stop_nobody(cast, monkeypatch, caplog):
    """Peers' failure 18: one of them breaks its transaction, the other one our code."""
    rdvs = many(cast, 1000)
    poison, venom = rdvs[3].pk, rdvs[777].pk
    said = []

    def announce(rdv, **_kwargs):
        if rdv.pk == poison:
            raise ValueError("a lieu without a name")
        if rdv.pk == venom:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        said.append(rdv.pk)

    monkeypatch.setattr(reminder_send, "announce_reminder", announce)
    with caplog.at_level(logging.ERROR):
        assert send_due_reminders(now=DUE) == Sent(done=998, failed=2)
    assert sorted(said) == [rdv.pk for rdv in rdvs if rdv.pk not in {poison, venom}]
    assert f"reminder of the RDV {poison}" in caplog.text
    assert "2 failed" in caplog.text
    waits = []
    now = DUE
    for _ in range(5):
        left = Reminder.objects.filter(sent_at=None)
        assert left.count() == 2
        waits.append(left[0].retry_at - now)
        now = left[0].retry_at
        assert send_due_reminders(now=now - timedelta(seconds=1)) == Sent()
        assert send_due_reminders(now=now) == Sent(failed=2)
    assert waits == [*BACK_OFF, BACK_OFF[-1]]
    monkeypatch.undo()
    retry = Reminder.objects.filter(sent_at=None)[0].retry_at
    assert send_due_reminders(now=retry) == Sent(done=2)
    assert Reminder.objects.filter(tries=6).count() == 2


def test_C06_a_batch_that_the_database_refuses_is_done_one_by_one(cast, monkeypatch):
    rdvs = many(cast, 3)
    together = reminder_send._send_together

    def refuse(ids, now):
        sent = together(ids, now)
        if rdvs[1].pk in ids:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        return sent

    monkeypatch.setattr(reminder_send, "_send_together", in_savepoint(refuse))
    assert send_due_reminders(now=DUE) == Sent(done=2, failed=1)
    assert Reminder.objects.get(sent_at=None).participation.rdv == rdvs[1]


def in_savepoint(function):
    from django.db import transaction

    return transaction.atomic(function)


def test_C06_statements_of_a_batch_do_not_grow_with_what_is_not_due(
    cast, django_assert_max_num_queries
):
    many(cast, 20)
    with django_assert_max_num_queries(1):
        send_due_reminders(now=DUE - timedelta(minutes=1))


def test_C06_the_tasks_run_by_the_real_clock(rdv):
    send_due_reminders_task()
    sweep_reminders_task()
    assert Reminder.objects.filter(sent_at=None).count() == 1  # of 2027: still to come
