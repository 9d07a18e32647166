"""Ask for an export, stop it, try it again (H01, E08). The work is a worker's: export_build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import AgentActor, Permission
from agents.policies import organisations_for
from agents.services.audit_write import record_change
from planning.models import Export, ExportState
from planning.policies import exports_for, own_exports
from planning.rules import export as rule
from rdv.common.aftercommit import Task, start_after_commit
from rdv.common.errors import DomainError
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from agents.models import Organisation
    from agents.permissions import Actor
    from planning.queries.rdv_filter import RdvFilter


class ExportRefused(DomainError):  # noqa: N818 - refusals are named for what is refused
    """Not by this person, too much, or too many at once."""


@transaction.atomic
def ask_export(
    *,
    uuid: UUID,
    kind: str,
    file_format: str,
    wanted: RdvFilter,
    rows: int,
    actor: Actor | None,
    now: datetime,
) -> Export:
    """Write the request, seen at once in « Vos exports », and nudge a worker.

    `uuid` was made when the page was shown: the second of two clicks returns the export of the
    first. `rows`: how many there are now. Raises ExportRefused.
    """
    (organisation,) = wanted.organisations
    if not isinstance(actor, AgentActor) or not _may_export(actor, organisation.pk):
        raise ExportRefused(_("Vous ne pouvez pas exporter les RDV de cette organisation."))
    if known := own_exports(actor).filter(uuid=uuid).first():
        return known
    if refusal := rule.refusal_of_size(file_format, rows):
        raise ExportRefused(refusal)
    _check_waiting(actor)
    export = Export.objects.create(
        uuid=uuid,
        agent_id=actor.agent_id,
        organisation=organisation,
        kind=kind,
        file_format=file_format,
        filters=wanted.to_json(),
        rows_total=rows,
        file_name=_file_name(kind, file_format, organisation, now),
        created_at=now,
    )
    _audit(export, actor, now)
    start_after_commit(Task.BUILD_EXPORTS)
    return export


def _audit(export: Export, actor: AgentActor, now: datetime) -> None:
    record_change(
        action="export_asked",
        object_kind="export",
        object_uuid=export.uuid,
        organisation_id=export.organisation_id,
        actor=actor,
        now=now,
        detail={"kind": export.kind, "format": export.file_format},
    )


@transaction.atomic
def cancel_export(*, export_id: int, actor: Actor | None, now: datetime) -> bool:
    """Stop an export that is not finished; False when it is. A worker sees it at its next page."""
    export = _locked(export_id, actor)
    if not export.is_unfinished:
        return False
    export.end(ExportState.CANCELLED, at=now)
    export.save()
    return True


@transaction.atomic
def retry_export(*, export_id: int, actor: Actor | None) -> bool:
    """Put an export that failed, or was cancelled, back in the queue; False when it was neither.

    Its filters and the day of its statuses stay those of the first request. Raises ExportRefused.
    """
    export = _locked(export_id, actor)
    if export.state not in {ExportState.FAILED, ExportState.CANCELLED}:
        return False
    assert isinstance(actor, AgentActor)
    if not exports_for(actor, Permission.EXPORT_CREATE).filter(pk=export.pk).exists():
        raise ExportRefused(rule.RIGHT_LOST)
    _check_waiting(actor)
    export.state, export.error, export.finished_at = ExportState.PENDING, "", None
    # The number of tries goes on growing: a worker that was given up never writes again.
    export.rows_done, export.started_at = 0, None
    export.save()
    start_after_commit(Task.BUILD_EXPORTS)
    return True


def _locked(export_id: int, actor: Actor | None) -> Export:
    export = own_exports(actor).select_for_update(of=("self",)).filter(pk=export_id).first()
    if export is None:
        raise ExportRefused(_("Cet export n’est pas le vôtre."))
    return export


def _may_export(actor: AgentActor, organisation_id: int) -> bool:
    allowed = organisations_for(actor, Permission.EXPORT_CREATE)
    return allowed.filter(pk=organisation_id).exists()


def _check_waiting(actor: AgentActor) -> None:
    if own_exports(actor).unfinished().count() >= rule.MOST_WAITING:
        raise ExportRefused(
            _("%(most)s de vos exports sont déjà en attente : attendez la fin de l’un d’eux.")
            % {"most": rule.MOST_WAITING}
        )


def _file_name(kind: str, file_format: str, organisation: Organisation, now: datetime) -> str:
    day = local_day(now, organisation.territoire.zone)
    return rule.file_name(kind, file_format, day=day, organisation_id=organisation.pk)
