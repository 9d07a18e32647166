"""Decision 32, with real processes: workers and brokers are killed, -9, at the worst moments."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.db import transaction
from django.utils import timezone

from notifications.channels.email import message_id
from notifications.models import Channel, OutboxMessage, State
from notifications.outbox import enqueue
from tests.integration.notifications.post_office import PostOffice, wait_until

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
LEASE_SECONDS = 2


@pytest.fixture
def office(tmp_path):
    office = PostOffice(tmp_path)
    yield office
    office.close()


def write_message():
    return enqueue(
        OutboxMessage(
            kind="test",
            channel=Channel.EMAIL,
            dedup_key="test:1",
            recipient="lea@exemple.fr",
            subject="RDV confirmé",
            body="Bonjour",
        ),
        now=timezone.now(),
    )


def commit_message():
    with transaction.atomic():
        return write_message()


def state_of(message):
    return OutboxMessage.objects.values_list("state", flat=True).get(pk=message.pk)


def is_sent(message):
    return lambda: state_of(message) == State.SENT


def wait_for_death(worker):
    assert worker.wait() == -signal.SIGKILL, worker.log.read_text()


def test_C04_decision_32_killed_before_the_provider_call(office):
    worker = office.start_worker(kill_at="before the provider call")
    message = commit_message()
    wait_for_death(worker)
    assert office.provider.mails == []
    assert state_of(message) == State.SENDING

    office.start_worker()
    office.sweep_until(is_sent(message), "another worker sends it")
    assert office.provider.message_ids == [message_id(message)]


def test_C04_decision_32_killed_between_acceptance_and_record(office):
    worker = office.start_worker(kill_at="between acceptance and record")
    message = commit_message()
    wait_for_death(worker)
    assert office.provider.message_ids == [message_id(message)]
    assert state_of(message) == State.SENDING

    office.start_worker()
    office.sweep_until(is_sent(message), "another worker sends it")
    # Nobody could know: one duplicate at most, which the mailbox recognises.
    assert office.provider.message_ids == [message_id(message)] * 2


def test_C04_decision_32_killed_after_the_record(office):
    worker = office.start_worker(kill_at="after the record")
    message = commit_message()
    wait_for_death(worker)
    assert state_of(message) == State.SENT

    office.start_worker()
    other = OutboxMessage.objects.get(pk=message.pk)
    other.pk, other.uuid, other.dedup_key = None, "00000000-0000-4000-8000-000000000000", "test:2"
    other.state, other.sent_at, other.attempts = State.QUEUED, None, 0
    other.save(force_insert=True)
    end_of_lease = time.monotonic() + LEASE_SECONDS
    office.sweep_until(is_sent(other), "the new worker works")
    office.sweep_until(lambda: time.monotonic() > end_of_lease, "the lease would be over")
    assert office.provider.message_ids == [message_id(message), message_id(other)]


def test_C04_broker_stopped_before_the_nudge(office):
    with transaction.atomic():
        message = write_message()
        office.broker.kill()
        before = time.monotonic()
    assert time.monotonic() - before < 5, "a dead broker holds nobody"
    assert state_of(message) == State.QUEUED

    office.broker.start()
    office.start_worker()
    office.sweep_until(is_sent(message), "the sweeper finds it")
    assert office.provider.message_ids == [message_id(message)]


def test_C04_broker_stopped_between_commit_and_delivery(office):
    message = commit_message()  # the nudge waits in the broker, which forgets it
    office.broker.kill()
    office.broker.start()
    office.start_worker()
    office.sweep_until(is_sent(message), "the sweeper finds it")
    assert office.provider.message_ids == [message_id(message)]


def test_C04_a_nudge_is_enough(office):
    office.start_worker()
    message = commit_message()
    wait_until(is_sent(message), "sent without any sweep")
    assert office.provider.message_ids == [message_id(message)]


def test_C04_web_processes_publish_to_our_broker():
    """Not to Celery's default one: the project's application is the current one everywhere."""
    script = (
        "import django; django.setup();"
        "from celery import current_app; from django.conf import settings;"
        "assert current_app.main == 'rdv';"
        "assert current_app.conf.broker_url == settings.CELERY_BROKER_URL;"
        "assert current_app.conf.task_default_queue == 'rdv'"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "rdv.settings.test"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
