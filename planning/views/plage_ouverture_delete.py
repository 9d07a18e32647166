from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.policies import plages_for
from planning.queries.occurrences import occurrence_of
from planning.queries.schedule_words import words_of
from planning.services.plage_ouverture_edit import delete_plage, end_plage
from planning.services.series_occurrence import PLAGES, skip_occurrence
from planning.views.series_page import FOLLOWING, THIS, asked_occurrence
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from django.http import HttpResponse

    from planning.models import PlageOuverture
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def plage_ouverture_delete(request: Request, plage_uuid: UUID) -> HttpResponse:
    """With `?occurrence=`, POST `portee` says: this time, the following ones too, or all."""
    plage = get_or_deny(plages_for, request.actor, Permission.PLAGE_EDIT, uuid=plage_uuid)
    timezone.activate(plage.organisation.territoire.zone)
    day = asked_occurrence(request, plage)
    if request.method == "POST":
        try:
            done = _delete(request, plage, day)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, done)
        return redirect("planning:plage_ouverture_list", plage.organisation.uuid, plage.agent.uuid)
    context = {
        "organisation": plage.organisation,
        "menu": "plages",
        "plage": plage,
        "words": words_of(plage),
        "occurrence": occurrence_of(plage, day) if day else None,
    }
    return render(request, "planning/plage_ouverture_delete.html", context)


def _delete(request: Request, plage: PlageOuverture, day: date | None) -> str:
    common: dict[str, Any] = {"actor": request.actor, "now": timezone.now()}
    scope = request.POST.get("portee")
    if day and scope == THIS:
        skip_occurrence(series=PLAGES, row_id=plage.pk, day=day, **common)
        return _("Cette fois est supprimée. Les autres restent.")
    if day and scope == FOLLOWING:
        end_plage(plage_id=plage.pk, day=day, **common)
        return _("Cette fois et les suivantes sont supprimées.")
    delete_plage(plage_id=plage.pk, **common)
    return _("La plage d’ouverture est supprimée.")
