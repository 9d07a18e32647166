"""The only door out (C04, decision 32)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from kombu.exceptions import OperationalError

from notifications.models import Channel, OutboxMessage, State
from notifications.outbox import (
    OutsideTransactionError,
    abandon_unsent,
    enqueue,
    enqueue_all,
)
from tests.factories import OutboxMessageFactory
from tests.factories.planning import NOW

LATER = NOW + timedelta(minutes=10)


def message(**columns):
    return OutboxMessageFactory.build(available_at=None, created_at=None, **columns)


@pytest.fixture
def published(monkeypatch):
    """What would have reached the broker."""
    tasks = []
    monkeypatch.setattr(
        "rdv.common.aftercommit.current_app.send_task",
        lambda name, kwargs: tasks.append((name, kwargs)),
    )
    return tasks


@pytest.mark.django_db(transaction=True)
def test_C04_refused_outside_a_transaction():
    with pytest.raises(OutsideTransactionError):
        enqueue(message(), now=NOW)
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_C04_rolled_back_with_its_fact(published):
    with transaction.atomic():
        enqueue(message(), now=NOW)
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()
    assert published == []


def test_C04_nudged_after_commit_only(db, published, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        row = enqueue(message(), now=NOW)
        assert published == []
    assert published == [("deliver_message", {"message_id": row.pk})]
    assert (row.state, row.created_at, row.available_at) == (State.QUEUED, NOW, NOW)


@pytest.mark.parametrize("error", [OperationalError("down"), OSError(), ValueError()])
def test_C04_a_broken_broker_fails_nothing(
    db, error, monkeypatch, django_capture_on_commit_callbacks
):
    def send_task(*_args, **_kwargs):
        raise error

    monkeypatch.setattr("rdv.common.aftercommit.current_app.send_task", send_task)
    with django_capture_on_commit_callbacks(execute=True):
        enqueue(message(), now=NOW)
    assert OutboxMessage.objects.get().state == State.QUEUED


def test_C04_said_once(db):
    first = enqueue(message(dedup_key="once"), now=NOW)
    assert first is not None
    assert enqueue(message(dedup_key="once"), now=LATER) is None
    assert OutboxMessage.objects.get() == first


def test_C04_the_messages_of_one_fact_in_two_statements(
    db, published, django_assert_num_queries, django_capture_on_commit_callbacks
):
    enqueue(message(dedup_key="said"), now=NOW)
    messages = [message(dedup_key=key) for key in ("first", "said", "second")]
    with django_capture_on_commit_callbacks(execute=True), django_assert_num_queries(2):
        written = enqueue_all(messages, now=LATER)
    rows = list(OutboxMessage.objects.filter(created_at=LATER).order_by("pk"))
    assert written == rows
    assert [row.dedup_key for row in rows] == ["first", "second"]
    assert published == [("deliver_message", {"message_id": row.pk}) for row in rows]
    with django_assert_num_queries(0):
        assert enqueue_all([], now=LATER) == []


def test_other_constraints_are_not_taken_for_a_duplicate(db):
    with pytest.raises(IntegrityError, match="outbox_recipient_not_blank"):
        enqueue(message(recipient=""), now=NOW)


def test_decision_32_a_newer_message_abandons_the_unsent_one(cast):
    about = {"rdv": cast.rdv, "participation": cast.rdv.participations.get(), "kind": "rdv_moved"}
    older = enqueue(
        message(**about, secret_link="http://x/r/s3cr3t/", body="→ http://x/r/s3cr3t/"), now=NOW
    )
    other_kind = enqueue(message(**{**about, "kind": "rdv_reminder"}), now=NOW)
    other_channel = enqueue(message(**about, sms=True), now=NOW)
    other_person = enqueue(message(**{**about, "participation": None}), now=NOW)
    sending = OutboxMessageFactory(**about, state=State.SENDING, lease_until=LATER)
    newer = enqueue(message(**about), now=LATER)
    states = dict(OutboxMessage.objects.values_list("pk", "state"))
    assert states == {
        older.pk: State.ABANDONED,
        other_kind.pk: State.QUEUED,
        other_channel.pk: State.QUEUED,
        other_person.pk: State.QUEUED,
        sending.pk: State.SENDING,
        newer.pk: State.QUEUED,
    }
    older.refresh_from_db()
    assert older.closed_at == LATER
    assert "s3cr3t" not in older.body + older.secret_link


def test_messages_about_no_rdv_do_not_replace_each_other(db):
    enqueue(message(), now=NOW)
    enqueue(message(), now=LATER)
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {State.QUEUED}


def test_withdrawing_spares_other_kinds_people_and_what_has_left(cast):
    participation = cast.rdv.participations.get()
    false = OutboxMessageFactory(rdv=cast.rdv, participation=participation, kind="rdv_created")
    kept = [
        OutboxMessageFactory(rdv=cast.rdv, participation=participation, kind="rdv_cancelled"),
        OutboxMessageFactory(rdv=cast.rdv, kind="rdv_created"),
        OutboxMessageFactory(kind="rdv_created"),
        OutboxMessageFactory(
            rdv=cast.rdv,
            participation=participation,
            kind="rdv_created",
            state=State.SENT,
            sent_at=NOW,
        ),
    ]
    abandon_unsent(
        rdv_id=cast.rdv.pk,
        kinds=["rdv_created"],
        participation_ids=[participation.pk],
        now=LATER,
    )
    false.refresh_from_db()
    assert false.state == State.ABANDONED
    states = [OutboxMessage.objects.get(pk=row.pk).state for row in kept]
    assert states == [State.QUEUED] * 3 + [State.SENT]


def test_channels_are_those_of_the_senders():
    from notifications.delivery import SENDERS

    assert set(SENDERS) == set(Channel)
