from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from motifs.policies import editable_lieux_for
from motifs.queries.lieu_list import is_used
from motifs.services.lieu_edit import delete_lieu
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def lieu_delete(request: Request, lieu_uuid: UUID) -> HttpResponse:
    lieu = get_or_deny(editable_lieux_for, request.actor, Permission.LIEU_EDIT, uuid=lieu_uuid)
    if request.method == "POST":
        try:
            delete_lieu(lieu_id=lieu.pk, actor=request.actor, now=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Le lieu « %(name)s » est supprimé.") % {"name": lieu.name})
        return redirect("motifs:lieu_list", lieu.organisation.uuid)
    context = {
        "organisation": lieu.organisation,
        "menu": "lieux",
        "lieu": lieu,
        "is_used": is_used(lieu),
    }
    return render(request, "motifs/lieu_delete.html", context)
