from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.policies import indisponibilites_for
from planning.queries.schedule_words import words_of
from planning.services.indisponibilite_edit import delete_indisponibilite
from planning.views.indisponibilite_edit import place_of
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def indisponibilite_delete(request: Request, indisponibilite_uuid: UUID) -> HttpResponse:
    row = get_or_deny(
        indisponibilites_for,
        request.actor,
        Permission.INDISPONIBILITE_EDIT,
        uuid=indisponibilite_uuid,
    )
    organisation = place_of(request, row)
    if request.method == "POST":
        try:
            delete_indisponibilite(
                indisponibilite_id=row.pk, actor=request.actor, now=timezone.now()
            )
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("L’indisponibilité est supprimée."))
        return redirect("planning:indisponibilite_list", organisation.uuid, row.agent.uuid)
    context = {
        "organisation": organisation,
        "menu": "indisponibilites",
        "indisponibilite": row,
        "words": words_of(row, (row.end_day - row.first_day).days),
    }
    return render(request, "planning/indisponibilite_delete.html", context)
