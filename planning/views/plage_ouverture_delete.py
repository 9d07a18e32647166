from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.policies import plages_for
from planning.queries.schedule_words import words_of
from planning.services.plage_ouverture_edit import delete_plage
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def plage_ouverture_delete(request: Request, plage_uuid: UUID) -> HttpResponse:
    plage = get_or_deny(plages_for, request.actor, Permission.PLAGE_EDIT, uuid=plage_uuid)
    timezone.activate(plage.organisation.territoire.zone)
    if request.method == "POST":
        try:
            delete_plage(plage_id=plage.pk, actor=request.actor, now=timezone.now())
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("La plage d’ouverture est supprimée."))
        return redirect("planning:plage_ouverture_list", plage.organisation.uuid, plage.agent.uuid)
    context = {
        "organisation": plage.organisation,
        "menu": "plages",
        "plage": plage,
        "words": words_of(plage),
    }
    return render(request, "planning/plage_ouverture_delete.html", context)
