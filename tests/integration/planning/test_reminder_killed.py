"""C06: a worker killed, -9, loses and repeats nothing; two at once share the work."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from notifications.models import OutboxMessage
from planning.models import Reminder
from planning.services.rdv_status import set_rdv_status
from planning.services.reminder_plan import plan_reminders
from planning.services.reminder_send import send_due_reminders
from tests.cast import the_cast
from tests.factories import RdvFactory
from tests.factories.planning import NOW
from tests.processes import run_killed

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
START = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
DUE = datetime(2027, 1, 9, 9, 30, tzinfo=UTC)  # the last of them


@pytest.fixture
def cast():
    cast = the_cast()
    cast.usager.notifies_by_sms = False
    cast.usager.save()
    for minutes in (0, 10, 20, 30):
        rdv = RdvFactory(
            motif=cast.motif,
            agents=[cast.owner],
            agents__overlap_accepted=True,
            usagers=[cast.usager],
            starts_at=START + timedelta(minutes=minutes),
        )
        plan_reminders(rdv, now=NOW)
    return cast


def said():
    """How many reminders each RDV got."""
    rdvs = OutboxMessage.objects.filter(kind="rdv_reminder").values_list("rdv", flat=True)
    return sorted(rdvs.order_by("rdv"))


def everyone():
    return sorted(Reminder.objects.values_list("participation__rdv", flat=True))


@pytest.mark.parametrize("point", ["between two batches", "inside the second batch"])
def test_C06_killed_between_and_inside_batches(cast, point):
    run_killed("tests.integration.planning.reminder_killed", point, DUE.isoformat())
    # The first batch is said, the second one as if it had never begun.
    assert len(said()) == Reminder.objects.exclude(sent_at=None).count() == 2
    assert send_due_reminders(now=DUE + timedelta(minutes=1)).done == 2
    assert said() == everyone()


def test_C06_two_workers_and_a_cancellation_at_once(cast):
    """Whoever holds the RDV first wins: cancelled and recalled never go out together."""
    rdv = Reminder.objects.order_by("pk")[0].participation.rdv
    actor = cast.actor("owner")
    acts = [
        lambda: send_due_reminders(now=DUE),
        lambda: send_due_reminders(now=DUE),
        lambda: set_rdv_status(rdv_id=rdv.pk, status="revoked", actor=actor, now=DUE),
    ]
    start = threading.Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        for ended in [pool.submit(run, act) for act in acts]:
            ended.result()
    send_due_reminders(now=DUE + timedelta(minutes=1))
    queued = OutboxMessage.objects.filter(kind="rdv_reminder", state="queued")
    assert rdv.pk not in set(queued.values_list("rdv", flat=True))
    assert len(said()) == len(set(said()))
    assert set(said()) >= set(everyone()) - {rdv.pk}
