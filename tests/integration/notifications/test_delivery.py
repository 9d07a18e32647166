"""Claim, send, record: every end of a message (C04, decision 32)."""

import smtplib
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from notifications.delivery import BACK_OFF, deliver, sweep
from notifications.models import DeliveryAttempt, State
from tests.factories import OutboxMessageFactory
from tests.factories.planning import NOW

LINK = "https://rdv.exemple.fr/r/Abc123Def456/"


class FailingBackend(EmailBackend):
    """An SMTP server that refuses as the test decides."""

    error: Exception

    def send_messages(self, email_messages):
        raise self.error


@pytest.fixture
def failing(settings):
    settings.EMAIL_BACKEND = f"{__name__}.FailingBackend"

    def fail_with(error):
        FailingBackend.error = error

    fail_with(TimeoutError("no answer"))
    return fail_with


def delivered(message, *, now=NOW):
    deliver(message_id=message.pk, now=now)
    message.refresh_from_db()
    return message


def answers():
    return list(DeliveryAttempt.objects.values_list("succeeded", "answer"))


def test_C04_sent_and_recorded(db):
    message = delivered(OutboxMessageFactory())
    assert (message.state, message.sent_at, message.attempts) == (State.SENT, NOW, 1)
    assert message.lease_until is None
    assert answers() == [(True, "accepté")]
    assert [sent.to for sent in mail.outbox] == [["lea@exemple.fr"]]


def test_C04_sent_once_however_often_it_is_nudged(db):
    message = delivered(OutboxMessageFactory())
    delivered(message, now=NOW + timedelta(hours=1))
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_C04_two_workers_one_mail(settings):
    settings.EMAIL_BACKEND = f"{__name__}.CountingBackend"
    CountingBackend.sent = 0
    message = OutboxMessageFactory()
    start = threading.Barrier(4)

    def work():
        try:
            start.wait()
            deliver(message_id=message.pk, now=NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert CountingBackend.sent == 1


class CountingBackend(EmailBackend):
    sent = 0

    def send_messages(self, email_messages):
        CountingBackend.sent += len(email_messages)
        return len(email_messages)


def test_C04_back_off_then_failed(db, failing):
    message, now = OutboxMessageFactory(), NOW
    waits = []
    for _ in BACK_OFF:
        delivered(message, now=now)
        assert message.state == State.QUEUED
        waits.append(message.available_at - now)
        now = message.available_at
        delivered(message, now=now - timedelta(seconds=1))  # not due yet
        assert message.attempts == len(waits)
    assert [wait.total_seconds() / 60 for wait in waits] == [1, 5, 30, 120, 720]
    delivered(message, now=now)
    assert (message.state, message.closed_at, message.attempts) == (State.FAILED, now, 6)
    assert answers() == [(False, "serveur injoignable (TimeoutError)")] * 6


def test_C04_sent_at_a_later_try(db, failing, settings):
    message = delivered(OutboxMessageFactory())
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    delivered(message, now=message.available_at)
    assert (message.state, message.attempts) == (State.SENT, 2)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"lea@exemple.fr": (550, b"5.1.1 unknown")}),
        smtplib.SMTPDataError(554, b"5.7.1 looks like spam"),
    ],
)
def test_C04_a_permanent_refusal_stops_at_once(db, failing, error):
    failing(error)
    message = delivered(OutboxMessageFactory())
    assert (message.state, message.attempts) == (State.FAILED, 1)


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"lea@exemple.fr": (450, b"mailbox busy")}),
        smtplib.SMTPDataError(451, b"try later"),
        smtplib.SMTPSenderRefused(550, b"who are you", "rdv@localhost"),
        smtplib.SMTPAuthenticationError(535, b"bad password"),
        smtplib.SMTPServerDisconnected("gone"),
        ConnectionRefusedError(),
        RuntimeError("a fault of ours"),
    ],
)
def test_C04_anything_else_is_tried_again(db, failing, error):
    failing(error)
    message = delivered(OutboxMessageFactory())
    assert (message.state, message.available_at) == (State.QUEUED, NOW + BACK_OFF[0])


def test_C04_a_header_that_cannot_be_written_stops_at_once(db):
    message = delivered(OutboxMessageFactory(recipient="lea@exemple.fr\nBcc: all@exemple.fr"))
    assert message.state == State.FAILED
    assert mail.outbox == []


def test_C04_answers_hold_no_personal_data(db, failing):
    text = b"5.1.1 <lea@exemple.fr> unknown, call +33 6 12 34 56 78"
    failing(smtplib.SMTPRecipientsRefused({"lea@exemple.fr": (550, text)}))
    delivered(OutboxMessageFactory())
    ((_, answer),) = answers()
    assert answer.startswith("550 5.1.1")
    assert "lea@" not in answer
    assert "34 56" not in answer


def test_C06_nothing_leaves_once_the_rdv_began(db):
    message = delivered(OutboxMessageFactory(expires_at=NOW))
    assert (message.state, message.closed_at) == (State.ABANDONED, NOW)
    assert (mail.outbox, answers()) == ([], [])


def test_C04_no_try_is_left_before_the_rdv(db, failing):
    """The failure is shown at once, while somebody can still call."""
    message = delivered(OutboxMessageFactory(expires_at=NOW + timedelta(seconds=60)))
    assert message.state == State.FAILED


def test_C04_under_lease_nobody_else_sends(db):
    message = OutboxMessageFactory(state=State.SENDING, lease_until=NOW + timedelta(seconds=1))
    delivered(message)
    assert (message.state, message.attempts, mail.outbox) == (State.SENDING, 0, [])


def test_C04_a_dead_worker_s_message_is_taken_over(db):
    message = OutboxMessageFactory(state=State.SENDING, lease_until=NOW, attempts=1)
    delivered(message)
    assert (message.state, message.attempts) == (State.SENT, 2)


def test_C04_a_message_that_kills_its_workers_ends(db):
    message = OutboxMessageFactory(state=State.SENDING, lease_until=NOW, attempts=6)
    assert delivered(message).state == State.FAILED


@pytest.mark.parametrize("late_answer", ["refused", "accepted"])
def test_C04_a_late_answer_after_another_worker_s_success(db, settings, late_answer):
    """The first worker was slow: its lease ended, another one sent. Nothing is undone."""
    message = OutboxMessageFactory()

    class Slow(EmailBackend):
        def send_messages(self, email_messages):
            settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
            deliver(message_id=message.pk, now=NOW + timedelta(hours=1))
            if late_answer == "refused":
                raise TimeoutError
            return 1

    globals()["Slow"] = Slow
    settings.EMAIL_BACKEND = f"{__name__}.Slow"
    delivered(message)
    assert (message.state, message.sent_at) == (State.SENT, NOW + timedelta(hours=1))
    assert len(answers()) == 2


def test_decision_11_the_link_is_blanked_once_sent(db):
    message = OutboxMessageFactory(
        secret_link=LINK, body=f"Voir : {LINK}", html=f'<a href="{LINK}">Voir</a>'
    )
    delivered(message)
    assert LINK in mail.outbox[0].body
    assert "Abc123Def456" not in message.body + message.html + message.secret_link


def test_decision_11_the_link_is_blanked_once_failed(db, failing):
    failing(smtplib.SMTPDataError(554, b"no"))
    message = delivered(OutboxMessageFactory(secret_link=LINK, body=f"Voir : {LINK}"))
    assert "Abc123Def456" not in message.body + message.secret_link


def test_decision_11_an_escaped_link_is_blanked_too(db):
    link = "https://rdv.exemple.fr/suite/?a=1&b=Abc123Def456"
    message = OutboxMessageFactory(secret_link=link, html=link.replace("&", "&amp;"))
    assert "Abc123Def456" not in delivered(message).html


def test_demo_outbox_keeps_its_links(db, settings):
    settings.DEMO_OUTBOX = True
    message = delivered(OutboxMessageFactory(secret_link=LINK, body=LINK))
    assert message.state == State.SENT
    assert LINK in message.body


def test_C05_console_gateway(db, caplog):
    caplog.set_level("INFO")
    message = delivered(OutboxMessageFactory(sms=True, sms_segments=2))
    assert message.state == State.SENT
    assert answers() == [(True, "console, 2 segment(s)")]
    assert f"sms {message.uuid}: 2 segment(s)" in caplog.text
    assert message.recipient not in caplog.text
    assert mail.outbox == []


def test_C05_an_unknown_gateway_is_worth_another_try(db, settings):
    settings.SMS_GATEWAY = "pigeon"
    message = delivered(OutboxMessageFactory(sms=True))
    assert message.state == State.QUEUED
    assert answers() == [(False, "passerelle SMS inconnue")]


def test_C04_the_sweeper_nudges_what_is_due(db, monkeypatch, django_capture_on_commit_callbacks):
    nudged = []
    monkeypatch.setattr(
        "rdv.common.aftercommit.current_app.send_task",
        lambda name, kwargs: nudged.append((name, kwargs["message_id"])),
    )
    second = NOW - timedelta(minutes=1)
    due = [
        OutboxMessageFactory(available_at=second),
        OutboxMessageFactory(available_at=NOW),
        OutboxMessageFactory(state=State.SENDING, lease_until=NOW, available_at=NOW),
    ]
    OutboxMessageFactory(available_at=NOW + timedelta(seconds=1))
    OutboxMessageFactory(state=State.SENDING, lease_until=NOW + timedelta(seconds=1))
    OutboxMessageFactory(state=State.SENT, sent_at=NOW)
    OutboxMessageFactory(state=State.FAILED, closed_at=NOW)
    OutboxMessageFactory(state=State.ABANDONED, closed_at=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep(now=NOW) == 3
    assert nudged == [("deliver_message", row.pk) for row in due]
