from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.forms.occurrence import PlageOccurrenceForm, plage_occurrence_initial
from planning.policies import plages_for
from planning.queries.occurrences import occurrence_of
from planning.queries.schedule_words import words_of
from planning.services.occurrence_split import ChangedMeanwhile
from planning.services.plage_ouverture_occurrence import (
    change_plage_occurrence,
    restore_plage_occurrence,
    skip_plage_occurrence,
)
from planning.views.series_page import occurrence_or_404
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from django.http import HttpResponse

    from planning.models import PlageOuverture
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def plage_ouverture_occurrence(request: Request, plage_uuid: UUID, day: str) -> HttpResponse:
    """One occurrence: move or change it, leave it out, give it back; or go on to the others.

    POST `action`: `change` (the form), `skip` or `restore`.
    """
    plage = get_or_deny(plages_for, request.actor, Permission.PLAGE_EDIT, uuid=plage_uuid)
    timezone.activate(plage.organisation.territoire.zone)
    found = occurrence_or_404(plage, day)
    form = _form(request, plage, found)
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            done = _act(request, plage, found, form)
        except ChangedMeanwhile as refusal:
            plage = get_or_deny(plages_for, request.actor, Permission.PLAGE_EDIT, uuid=plage_uuid)
            form.add_refusal(refusal)
            form.show_newer(plage.ics_sequence)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect("planning:plage_ouverture_edit", plage.uuid)
        else:
            messages.success(request, done)
            return redirect("planning:plage_ouverture_edit", plage.uuid)
    context = {
        "organisation": plage.organisation,
        "menu": "plages",
        "agent": plage.agent,
        "plage": plage,
        "words": words_of(plage),
        "occurrence": occurrence_of(plage, found),
        "form": form,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "planning/plage_ouverture_occurrence.html", context, status=status)


def _form(request: Request, plage: PlageOuverture, day: date) -> PlageOccurrenceForm:
    occurrence = occurrence_of(plage, day)
    changes = request.method == "POST" and request.POST.get("action") not in {"skip", "restore"}
    return PlageOccurrenceForm(
        request.POST if changes else None,
        initial=plage_occurrence_initial(occurrence.now or occurrence.planned, plage.ics_sequence),
        today=timezone.localdate(),
    )


def _act(request: Request, plage: PlageOuverture, day: date, form: PlageOccurrenceForm) -> str:
    """Do what was asked and return the words that say it."""
    common: dict[str, Any] = {
        "plage_id": plage.pk,
        "day": day,
        "actor": request.actor,
        "now": timezone.now(),
    }
    if form.is_bound:
        change_plage_occurrence(**form.cleaned_data, **common)
        return _("Cette fois est changée. Les autres ne changent pas.")
    if request.POST["action"] == "restore":
        restore_plage_occurrence(**common)
        return _("L’exception est annulée : cette fois suit à nouveau la répétition.")
    skip_plage_occurrence(**common)
    return _("Cette fois est supprimée. Les autres restent.")
