"""The buttons of « Vos exports »."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from planning.services.export_request import ExportRefused, cancel_export, retry_export
from planning.views.export_page import open_own_export

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_POST
def export_cancel(request: Request, export_uuid: UUID) -> HttpResponse:
    export = open_own_export(request, export_uuid)
    if cancel_export(export_id=export.pk, actor=request.actor, now=timezone.now()):
        messages.success(request, _("L’export est annulé."))
    else:
        messages.info(request, _("Cet export est déjà terminé."))
    return redirect("planning:export_list")


@require_POST
def export_retry(request: Request, export_uuid: UUID) -> HttpResponse:
    export = open_own_export(request, export_uuid)
    try:
        if retry_export(export_id=export.pk, actor=request.actor):
            messages.success(request, _("L’export est de nouveau en attente."))
    except ExportRefused as refusal:
        messages.error(request, refusal.message)
    return redirect("planning:export_list")
