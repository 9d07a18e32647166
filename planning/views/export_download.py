from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agents.permissions import Permission
from agents.services.audit_write import record_change
from planning.exports.store import open_kept
from planning.models import ExportFormat
from planning.policies import exports_for
from planning.queries.export_list import is_downloadable
from planning.views.export_page import open_own_export

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponseBase

    from rdv.common.http import Request

_TYPES = {
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.CSV: "text/csv; charset=utf-8",
}


@require_GET
@never_cache
def export_download(request: Request, export_uuid: UUID) -> HttpResponseBase:
    """Stream the file to who asked for it, while they hold the right; each time is audited."""
    export = open_own_export(request, export_uuid)
    if not exports_for(request.actor, Permission.EXPORT_CREATE).filter(pk=export.pk).exists():
        raise PermissionDenied
    now = timezone.now()
    file = open_kept(export.stored_name) if is_downloadable(export, now=now) else None
    if file is None:
        messages.error(request, _("Ce fichier n’existe plus. Demandez un nouvel export."))
        return redirect("planning:export_list")
    record_change(
        action="export_downloaded",
        object_kind="export",
        object_uuid=export.uuid,
        organisation_id=export.organisation_id,
        actor=request.actor,
        now=now,
    )
    return FileResponse(
        file,
        as_attachment=True,
        filename=export.file_name,
        content_type=_TYPES[ExportFormat(export.file_format)],
    )
