from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.policies import indisponibilites_for
from planning.queries.occurrences import occurrence_of
from planning.queries.schedule_words import words_of
from planning.services.indisponibilite_edit import delete_indisponibilite, end_indisponibilite
from planning.services.series_occurrence import INDISPONIBILITES, skip_occurrence
from planning.views.indisponibilite_edit import place_of
from planning.views.series_page import FOLLOWING, THIS, asked_occurrence
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from django.http import HttpResponse

    from planning.models import Indisponibilite
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def indisponibilite_delete(request: Request, indisponibilite_uuid: UUID) -> HttpResponse:
    """With `?occurrence=`, POST `portee` says: this time, the following ones too, or all."""
    row = get_or_deny(
        indisponibilites_for,
        request.actor,
        Permission.INDISPONIBILITE_EDIT,
        uuid=indisponibilite_uuid,
    )
    organisation = place_of(request, row)
    day = asked_occurrence(request, row)
    if request.method == "POST":
        try:
            done = _delete(request, row, day)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, done)
        return redirect("planning:indisponibilite_list", organisation.uuid, row.agent.uuid)
    context = {
        "organisation": organisation,
        "menu": "indisponibilites",
        "indisponibilite": row,
        "words": words_of(row, (row.end_day - row.first_day).days),
        "occurrence": occurrence_of(row, day) if day else None,
    }
    return render(request, "planning/indisponibilite_delete.html", context)


def _delete(request: Request, row: Indisponibilite, day: date | None) -> str:
    common: dict[str, Any] = {"actor": request.actor, "now": timezone.now()}
    scope = request.POST.get("portee")
    if day and scope == THIS:
        skip_occurrence(series=INDISPONIBILITES, row_id=row.pk, day=day, **common)
        return _("Cette fois est supprimée. Les autres restent.")
    if day and scope == FOLLOWING:
        end_indisponibilite(indisponibilite_id=row.pk, day=day, **common)
        return _("Cette fois et les suivantes sont supprimées.")
    delete_indisponibilite(indisponibilite_id=row.pk, **common)
    return _("L’indisponibilité est supprimée.")
