"""E10: several workers get the same action; each person is told once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from notifications.models import OutboxMessage
from planning.models import RdvBulkLine, RdvEvent
from planning.services.rdv_bulk_run import run_rdv_bulk
from tests.factories import RdvFactory
from tests.factories.planning import NOW
from tests.integration.planning.bulks import line_of, start

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 3


def test_E10_workers_at_once_tell_a_person_once(cast):
    rdvs = [
        RdvFactory(
            motif=cast.motif,
            agents=[cast.owner],
            usagers=[cast.usager],
            starts_at=cast.rdv.starts_at + timedelta(days=days),
        )
        for days in range(1, 6)
    ]
    bulk = start(cast, *map(line_of, rdvs))
    ready = threading.Barrier(WORKERS)

    def work():
        try:
            ready.wait()
            run_rdv_bulk(bulk_id=bulk.pk, now=NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(RdvBulkLine.objects.values_list("state")) == {("done",)}
    assert RdvEvent.objects.filter(action="cancelled").count() == len(rdvs)
    told = OutboxMessage.objects.filter(grouped_in=None).exclude(kind__endswith="_agent")
    assert sorted(told.values_list("kind", "channel")) == [
        ("rdvs_cancelled", "email"),
        ("rdvs_cancelled", "sms"),
    ]
