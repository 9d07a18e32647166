"""Make the files that were asked for (H01). Called by the workers.

The row is the truth, the message a nudge (docs/adr/0007). A worker takes one export for the time of
a lease, which each page renews. Killed, it leaves a row whose lease ends: another one begins again.
Each time, `attempts` grows, and who took it before can write nothing any more.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from agents.models import Agent
from agents.permissions import Permission
from agents.policies import organisations_for
from agents.queries.actor import agent_actor
from notifications.messages.export import announce_export_ready
from planning.exports import columns, store
from planning.exports.files import rows_file
from planning.models import Export, ExportState
from planning.queries import export_rows
from planning.queries.rdv_filter import filter_from_json
from planning.rules import export as rule
from planning.services.export_request import ExportRefused
from rdv.common.aftercommit import Task, start_after_commit
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from agents.permissions import AgentActor
    from planning.exports.columns import Cell, Reading

    Clock = Callable[[], datetime]

logger = logging.getLogger(__name__)

CLAIMS = 7_340_051  # the advisory lock under which exports are taken, one after the other


class _StoppedError(Exception):
    """The export was cancelled, or another worker has taken it."""


def sweep_exports(*, now: datetime) -> bool:
    """Nudge a worker when an export waits or was left by a dead one; tell whether it does."""
    waits = Export.objects.due(now).exists()
    if waits:
        start_after_commit(Task.BUILD_EXPORTS)
    return waits


def build_next_export(*, clock: Clock) -> bool:
    """Take the oldest export that may run and make its file; False when there was none.

    A long work: `clock` is asked at each page.
    """
    export = _claim(clock())
    if export is None:
        return False
    try:
        _build(export, clock)
    except _StoppedError:
        logger.info("export %s: stopped", export.uuid)
    except DomainError as refusal:
        _fail(export, refusal.message, clock())
    except Exception:
        logger.exception("export %s: unexpected error", export.uuid)
        _fail(export, rule.UNEXPECTED, clock())
    sweep_exports(now=clock())
    return True


@transaction.atomic
def _claim(now: datetime) -> Export | None:
    """Take an export for the time of a lease, or None when none waits or enough are running.

    One at a time by agent and kind; those of dead workers first, since they are counted as running.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIMS])
    running = Export.objects.filter(state=ExportState.RUNNING, lease_until__gt=now)
    if running.count() >= settings.EXPORTS_AT_ONCE:
        return None
    same = running.filter(agent=OuterRef("agent"), kind=OuterRef("kind"))
    due = Export.objects.due(now).filter(~Exists(same)).order_by("-state", "created_at", "pk")
    for export in due.select_for_update(of=("self",), skip_locked=True):
        export.attempts += 1
        if export.state == ExportState.RUNNING and export.attempts > rule.MOST_TRIES:
            export.end(ExportState.FAILED, at=now, error=rule.INTERRUPTED)
            export.save()
            continue
        export.state, export.rows_done = ExportState.RUNNING, 0
        export.started_at, export.lease_until = now, now + rule.LEASE
        export.save()
        return export
    return None


def _build(export: Export, clock: Clock) -> None:
    actor = _author(export)
    rows = _Rows(export)
    keys = rows.keys(actor)
    if refusal := rule.refusal_of_size(export.file_format, len(keys)):
        raise ExportRefused(refusal)
    _renew(export, clock() + rule.LEASE, rows_done=0, rows_total=len(keys))
    with rows_file(export.file_format, rows.header) as file:
        for end in range(rule.PAGE, len(keys) + rule.PAGE, rule.PAGE):
            page = keys[end - rule.PAGE : end]
            for row in rows.of(_author(export), page):
                file.add(row)
            _renew(export, clock() + rule.LEASE, rows_done=min(end, len(keys)))
        path = file.finish()
        _renew(export, clock() + rule.LEASE_TO_STORE)
        kept, size = store.keep(path, f"{export.uuid}-{export.attempts}.{export.file_format}")
    try:
        _author(export)
        _finish(export, kept, size, clock())
    except Exception:
        store.remove(kept)
        raise


def _author(export: Export) -> AgentActor:
    """Return the author with the rights of this instant. Raises ExportRefused without them."""
    agent = Agent.objects.active().select_related("account").filter(pk=export.agent_id).first()
    if agent is not None:
        actor = agent_actor(agent)
        allowed = organisations_for(actor, Permission.EXPORT_CREATE)
        if allowed.filter(pk=export.organisation_id).exists():
            return actor
    raise ExportRefused(rule.RIGHT_LOST)


class _Rows:
    """What the file says: the keys of its rows, then the cells of a page of them."""

    def __init__(self, export: Export) -> None:
        organisation = export.organisation
        # Statuses and days are those of the request: the file says what the list said.
        self.now = export.created_at
        wanted = filter_from_json(export.filters, organisation)
        self.wanted = replace(wanted, usager_id=export_rows.usager_after_merge(wanted.usager_id))
        self.reading: Reading = columns.reading_of(organisation.territoire, now=self.now)
        self.is_by_person = export.kind == rule.PARTICIPATIONS
        self.header = columns.PARTICIPATION_HEADER if self.is_by_person else columns.RDV_HEADER

    def keys(self, actor: AgentActor) -> array[int]:
        read = export_rows.participation_keys if self.is_by_person else export_rows.rdv_keys
        return read(actor, self.wanted, now=self.now)

    def of(self, actor: AgentActor, page: array[int]) -> Iterator[list[Cell]]:
        if self.is_by_person:
            people = export_rows.participations_of_page(actor, page, now=self.now)
            yield from (self.reading.row_of_participation(rdv, person) for rdv, person in people)
        else:
            rdvs = export_rows.rdvs_of_page(actor, page, now=self.now)
            yield from (self.reading.row_of_rdv(rdv) for rdv in rdvs)


def _mine(export: Export) -> dict[str, object]:
    return {"pk": export.pk, "state": ExportState.RUNNING, "attempts": export.attempts}


def _renew(export: Export, until: datetime, **progress: int) -> None:
    """Say how far the work is, and that it goes on. Raises _StoppedError when it should not."""
    rows = Export.objects.filter(**_mine(export))
    if not rows.update(lease_until=until, **progress):
        raise _StoppedError


@transaction.atomic
def _finish(export: Export, kept: str, size: int, now: datetime) -> None:
    """Publish the file and tell its author. Raises _StoppedError when it is ours no more."""
    row = Export.objects.select_for_update(of=("self",)).filter(**_mine(export)).first()
    if row is None:
        raise _StoppedError
    row.end(ExportState.DONE, at=now)
    row.stored_name, row.size, row.expires_at = kept, size, now + rule.FILE_KEPT
    row.save()
    announce_export_ready(row, url=f"{settings.SITE_URL}{reverse('planning:export_list')}", now=now)


@transaction.atomic
def _fail(export: Export, error: str, now: datetime) -> None:
    row = Export.objects.select_for_update(of=("self",)).filter(**_mine(export)).first()
    if row is not None:
        row.end(ExportState.FAILED, at=now, error=error)
        row.save()
