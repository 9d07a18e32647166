"""H01, decision 33: an export from its request to its deletion, by services and workers."""

from __future__ import annotations

import os
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from agents.models import DroitTerritoire, RoleOrganisation
from notifications.models import OutboxMessage
from planning import tasks
from planning.exports import files, store
from planning.exports.store import open_kept
from planning.models import Export, Rdv
from planning.queries.rdv_filter import RdvFilter
from planning.rules import export as rule
from planning.services import export_build
from planning.services.export_build import build_next_export, sweep_exports
from planning.services.export_purge import purge_exports
from planning.services.export_request import ExportRefused, ask_export, cancel_export, retry_export
from rdv.common.aftercommit import Task
from rdv.schedule import BEAT
from tests.factories import RdvFactory
from tests.factories.planning import NOW
from tests.integration.planning.exports import ask, build, content, lines, replaced

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("export_store")]
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def again(export):
    return Export.objects.get(pk=export.pk)


def many(cast, count):
    for _ in range(count):
        RdvFactory(motif=cast.motif, lieu=cast.lieu, agents=[])


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(rule, "PAGE", 2)


def test_H01_decision_33_a_file_is_made_told_and_kept_24_hours(cast):
    export = ask(cast)
    assert (export.state, export.file_name) == (
        "pending",
        f"export-rdv-2027-01-04-org-{cast.organisation.pk:06}.xlsx",
    )
    later = NOW + HOUR
    done = build(export, now=later)
    assert (done.state, done.rows_done, done.rows_total) == ("done", 1, 1)
    assert done.expires_at == later + timedelta(hours=24)
    assert done.size == len(content(done)) > 1000
    mail = OutboxMessage.objects.get(kind="export_ready")
    assert mail.recipient == cast.admin.email
    assert mail.expires_at == done.expires_at
    assert "/exports/" in mail.body
    assert "mardi 5 janvier 2027 à 10 h" in mail.body
    assert cast.usager.last_name not in mail.body + mail.html
    assert not mail.ics
    assert not build_next_export(clock=lambda: later)
    before = done.expires_at - SECOND
    purge_exports(now=before)
    assert again(done).state == "done"
    purge_exports(now=done.expires_at)
    assert (again(done).state, open_kept(done.stored_name)) == ("expired", None)
    purge_exports(now=NOW + timedelta(days=14))
    assert again(done).state == "expired"
    purge_exports(now=NOW + timedelta(days=14) + SECOND)
    assert not Export.objects.exists()


def test_H01_files_without_a_row_are_removed_after_an_hour(cast):
    done = build(ask(cast))
    with time_machine.travel(NOW, tick=False):
        storages[store.ALIAS].save("orphan.xlsx", ContentFile(b"x"))
    purge_exports(now=NOW + HOUR)
    assert open_kept("orphan.xlsx") is not None
    purge_exports(now=NOW + HOUR + SECOND)
    assert open_kept("orphan.xlsx") is None
    assert content(done)


def test_H01_the_request_is_written_once_and_nudges_a_worker(
    cast, django_capture_on_commit_callbacks, monkeypatch
):
    sent = []
    monkeypatch.setattr("rdv.common.aftercommit._publish", lambda task, kwargs: sent.append(task))
    first = {"kind": "rdv", "file_format": "csv", "rows": 1, "now": NOW}
    with django_capture_on_commit_callbacks(execute=True):
        export = ask(cast)
        wanted = RdvFilter((cast.organisation,))
        actor = cast.actor("admin")
        same = ask_export(uuid=export.uuid, wanted=wanted, actor=actor, **first)
    assert same.pk == export.pk
    assert Export.objects.count() == 1
    assert sent == [Task.BUILD_EXPORTS]


@pytest.mark.parametrize("who", ["owner", "secretary", "admin_elsewhere", "stranger", "usager"])
def test_H01_only_admins_ask(cast, who):
    with pytest.raises(ExportRefused):
        ask(cast, who=who)


def test_H01_too_many_rows_for_excel_are_refused_at_once_and_by_the_worker(cast, monkeypatch):
    with pytest.raises(ExportRefused, match="1 000 000 de lignes"):
        ask(cast, rows=1_000_001)
    assert ask(cast, rows=1_000_001, file_format="csv")
    Export.objects.all().delete()
    monkeypatch.setattr(rule, "MOST_IN_XLSX", 0)
    export = ask(cast, rows=0)
    failed = build(export)
    assert (failed.state, failed.error) == ("failed", rule.TOO_MANY_ROWS)


def test_H01_ten_exports_wait_at_most(cast):
    for _ in range(rule.MOST_WAITING):
        ask(cast)
    with pytest.raises(ExportRefused, match="10 de vos exports"):
        ask(cast)


def test_H01_one_at_a_time_by_agent_and_kind_and_as_many_as_the_settings_say(cast, settings):
    settings.EXPORTS_AT_ONCE = 2
    first, second = ask(cast), ask(cast, now=NOW + SECOND)
    other_kind = ask(cast, kind="participations", now=NOW + 2 * SECOND)
    other_agent = ask(cast, who="territoire_admin", now=NOW + 3 * SECOND)
    now = NOW + 4 * SECOND
    taken = [export_build._claim(now) for _ in range(3)]
    assert taken == [first, other_kind, None]
    assert again(second).state == again(other_agent).state == "pending"
    Export.objects.filter(pk=first.pk).update(lease_until=now)  # its worker is dead
    assert export_build._claim(now + SECOND) == first
    assert again(first).attempts == 2


def test_H01_a_worker_that_lost_its_lease_writes_nothing_more(cast, small_pages):
    """It was slow, another one took over: neither a second file nor a second mail."""
    many(cast, 4)
    export = ask(cast)
    late = export_build._claim(NOW)
    done = build(export, now=NOW + rule.LEASE)
    with pytest.raises(export_build._StoppedError):
        export_build._build(late, lambda: NOW + HOUR)
    assert again(export).stored_name == done.stored_name
    with pytest.raises(export_build._StoppedError):
        export_build._finish(late, "late.xlsx", 1, NOW + HOUR)
    assert OutboxMessage.objects.filter(kind="export_ready").count() == 1


def test_H01_an_export_that_kills_each_worker_fails_at_last(cast):
    export = ask(cast)
    now = NOW
    for _ in range(rule.MOST_TRIES):
        assert export_build._claim(now) == export
        now += rule.LEASE
    assert export_build._claim(now) is None
    assert (again(export).state, again(export).error) == ("failed", rule.INTERRUPTED)


def test_H01_progress_is_seen_page_after_page_and_cancelling_stops_there(
    cast, small_pages, monkeypatch
):
    many(cast, 4)
    export = ask(cast)
    seen = []
    renew = export_build._renew

    def spied(row, until, **progress):
        seen.append((again(row).rows_done, again(row).rows_total))
        if len(seen) == 3:
            cancel_export(export_id=row.pk, actor=cast.actor("admin"), now=NOW)
        renew(row, until, **progress)

    monkeypatch.setattr(export_build, "_renew", spied)
    assert build(export).state == "cancelled"
    assert seen == [(0, 1), (0, 5), (2, 5)]
    assert store.kept_before(before=NOW + timedelta(days=9999)) == []
    monkeypatch.setattr(export_build, "_renew", renew)
    assert retry_export(export_id=export.pk, actor=cast.actor("admin"))
    assert len(lines(build(export))) == 6
    assert not cancel_export(export_id=export.pk, actor=cast.actor("admin"), now=NOW)
    assert not retry_export(export_id=export.pk, actor=cast.actor("admin"))


def test_H01_a_file_cancelled_at_the_last_moment_is_not_kept(cast, monkeypatch):
    export = ask(cast)
    keep = store.keep

    def cancelled(path, name):
        cancel_export(export_id=export.pk, actor=cast.actor("admin"), now=NOW)
        return keep(path, name)

    monkeypatch.setattr(store, "keep", cancelled)
    assert build(export).state == "cancelled"
    assert store.kept_before(before=NOW + timedelta(days=9999)) == []
    assert not OutboxMessage.objects.filter(kind="export_ready").exists()


def _loses_role(cast):
    RoleOrganisation.objects.filter(agent=cast.admin).update(level="basique")


def _leaves(cast):
    cast.admin.deactivated_at = NOW
    cast.admin.save()


@pytest.mark.parametrize("loses", [_loses_role, _leaves])
def test_H01_rights_lost_meanwhile_are_refused(cast, loses, small_pages, monkeypatch):
    """Before the worker takes it, between two pages, and when the file is ready."""
    replaced(cast)
    many(cast, 4)
    exports = [ask(cast, now=NOW + rank * SECOND) for rank in range(3)]
    checked, author = [], export_build._author

    def lost_at(rank):
        def spied(row):
            checked.append(row.pk)
            if len(checked) == rank:
                loses(cast)
            return author(row)

        checked.clear()
        monkeypatch.setattr(export_build, "_author", spied)

    for export, rank in zip(exports, (1, 3, 5), strict=True):
        lost_at(rank)
        failed = build(export)
        assert (failed.state, failed.error) == ("failed", rule.RIGHT_LOST)
        assert len(checked) == rank
        RoleOrganisation.objects.filter(agent=cast.admin).update(level="admin")
        cast.admin.deactivated_at = None
        cast.admin.save()
    assert store.kept_before(before=NOW + timedelta(days=9999)) == []
    loses(cast)
    if loses is _loses_role:
        with pytest.raises(ExportRefused, match="plus le droit"):
            retry_export(export_id=exports[0].pk, actor=cast.actor("admin"))


def test_H01_a_fault_of_ours_is_said_and_may_be_tried_again(cast, monkeypatch, caplog):
    export = ask(cast, file_format="csv")

    def broken(*_):
        raise OSError("the storage does not answer")

    with monkeypatch.context() as patch:
        patch.setattr(store, "keep", broken)
        failed = build(export)
    assert (failed.state, failed.error) == ("failed", rule.UNEXPECTED)
    assert "unexpected error" in caplog.text
    assert retry_export(export_id=export.pk, actor=cast.actor("admin"))
    assert build(export).state == "done"
    with pytest.raises(ExportRefused, match="pas le vôtre"):
        retry_export(export_id=export.pk, actor=cast.actor("territoire_admin"))


def test_H01_the_admin_of_the_territoire_exports_as_long_as_they_are(cast):
    export = ask(cast, who="territoire_admin")
    assert build(export).state == "done"
    export = ask(cast, who="territoire_admin")
    replaced(cast)
    DroitTerritoire.objects.filter(agent=cast.territoire_admin).delete()
    assert build(export).error == rule.RIGHT_LOST


def test_H01_rdvs_deleted_meanwhile_are_left_out_and_new_ones_too(cast, small_pages, monkeypatch):
    many(cast, 4)
    export = ask(cast, file_format="csv")
    of, pages = export_build._Rows.of, []

    def spied(self, actor, page):
        if not pages:
            Rdv.objects.filter(pk__in=list(page)[:1]).update(hidden_at=NOW)
            many(cast, 2)
        pages.append(list(page))
        return of(self, actor, page)

    monkeypatch.setattr(export_build._Rows, "of", spied)
    done = build(export)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert len(lines(done)) == 1 + 4


def test_H01_nothing_is_left_among_the_temporary_files(cast, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    forgotten = tmp_path / f"{files.PREFIX}old"
    forgotten.mkdir()
    recent = tmp_path / f"{files.PREFIX}recent"
    recent.mkdir()
    gathered = tmp_path / "openpyxl.old"
    gathered.touch()
    for old in (forgotten, gathered):
        os.utime(old, (0, 0))
    assert build(ask(cast)).state == "done"
    with monkeypatch.context() as stopped:
        stopped.setattr(export_build._Rows, "of", None)
        assert build(ask(cast)).state == "failed"
    export = ask(cast)
    monkeypatch.setattr(store, "keep", None)
    assert build(export).state == "failed"
    assert [path.name for path in Path(tmp_path).iterdir()] == [recent.name]


def test_H01_the_sweeper_and_the_tasks(cast, monkeypatch):
    assert {"sweep_exports", "purge_exports"} <= set(BEAT)
    assert not sweep_exports(now=NOW)
    export = ask(cast)
    assert sweep_exports(now=NOW)
    with time_machine.travel(NOW, tick=False):
        tasks.build_exports_task()
        tasks.sweep_exports_task()
        assert again(export).state == "done"
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        tasks.purge_exports_task()
    assert again(export).state == "expired"
    assert not sweep_exports(now=NOW)
