"""H01: a worker killed, -9: its export is taken again, once, and it leaves no file behind."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.core.files.storage import storages

from notifications.models import OutboxMessage
from planning.models import Export
from planning.services.export_build import build_next_export, sweep_exports
from planning.services.export_purge import ORPHAN_AFTER, purge_exports
from tests.cast import the_cast
from tests.factories import RdvFactory
from tests.factories.planning import NOW
from tests.integration.planning.exports import ask, build, lines, on_disk
from tests.processes import run_killed

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def folder(settings, tmp_path):
    settings.STORAGES = dict(settings.STORAGES)
    kept = tmp_path / "kept"
    on_disk(str(kept))
    return kept


def kill_worker(folder, temporary):
    script = "tests.integration.planning.export_killed"
    run_killed(script, NOW.isoformat(), str(folder), TMPDIR=str(temporary))


def test_H01_the_export_of_a_killed_worker_is_taken_again(folder, tmp_path):
    cast = the_cast()
    for _ in range(2):
        RdvFactory(motif=cast.motif, lieu=cast.lieu)
    export = ask(cast, file_format="csv", rows=3)
    kill_worker(folder, tmp_path)
    left = Export.objects.get()
    assert (left.state, left.attempts, left.rows_done, left.rows_total) == ("running", 1, 3, 3)
    # Nobody touches it as long as its worker may be alive.
    later = left.lease_until
    before = later - timedelta(seconds=1)
    assert not sweep_exports(now=before)
    assert not build_next_export(clock=lambda: before)
    assert sweep_exports(now=later)
    done = build(export, now=later)
    assert (done.state, done.attempts) == ("done", 2)
    assert len(lines(done)) == 1 + 3
    assert OutboxMessage.objects.filter(kind="export_ready").count() == 1
    # The file of the first worker belongs to nobody.
    files = sorted(folder.iterdir())
    assert len(files) == 2
    for file in files:
        os.utime(file, (later.timestamp(), later.timestamp()))
    purge_exports(now=later + ORPHAN_AFTER + timedelta(seconds=1))
    assert [file.name for file in folder.iterdir()] == [done.stored_name]
    assert storages["exports"].exists(done.stored_name)
    assert oct(folder.joinpath(done.stored_name).stat().st_mode)[-3:] == "600"
