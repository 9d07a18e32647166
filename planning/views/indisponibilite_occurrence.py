from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from planning.forms.occurrence import (
    IndisponibiliteOccurrenceForm,
    indisponibilite_occurrence_initial,
)
from planning.queries.occurrences import occurrence_of
from planning.queries.schedule_words import words_of
from planning.services.indisponibilite_occurrence import (
    change_indisponibilite_occurrence,
    restore_indisponibilite_occurrence,
    skip_indisponibilite_occurrence,
)
from planning.services.occurrence_split import ChangedMeanwhile
from planning.views.indisponibilite_edit import edit_url, editable, place_of
from planning.views.series_page import occurrence_or_404
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from django.http import HttpResponse

    from planning.models import Indisponibilite
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def indisponibilite_occurrence(
    request: Request, indisponibilite_uuid: UUID, day: str
) -> HttpResponse:
    """One occurrence: move or change it, leave it out, give it back; or go on to the others.

    POST `action`: `change` (the form), `skip` or `restore`.
    """
    row = editable(request, indisponibilite_uuid)
    organisation = place_of(request, row)
    found = occurrence_or_404(row, day)
    form = _form(request, row, found)
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            done = _act(request, row, found, form)
        except ChangedMeanwhile as refusal:
            row = editable(request, indisponibilite_uuid)
            form.add_refusal(refusal)
            form.show_newer(row.ics_sequence)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(edit_url(row, organisation))
        else:
            messages.success(request, done)
            return redirect(edit_url(row, organisation))
    context = {
        "organisation": organisation,
        "menu": "indisponibilites",
        "agent": row.agent,
        "indisponibilite": row,
        "words": words_of(row, (row.end_day - row.first_day).days),
        "occurrence": occurrence_of(row, found),
        "form": form,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "planning/indisponibilite_occurrence.html", context, status=status)


def _form(request: Request, row: Indisponibilite, day: date) -> IndisponibiliteOccurrenceForm:
    occurrence = occurrence_of(row, day)
    changes = request.method == "POST" and request.POST.get("action") not in {"skip", "restore"}
    return IndisponibiliteOccurrenceForm(
        request.POST if changes else None,
        initial=indisponibilite_occurrence_initial(
            occurrence.now or occurrence.planned, row.ics_sequence
        ),
        today=timezone.localdate(),
    )


def _act(
    request: Request, row: Indisponibilite, day: date, form: IndisponibiliteOccurrenceForm
) -> str:
    """Do what was asked and return the words that say it."""
    common: dict[str, Any] = {
        "indisponibilite_id": row.pk,
        "day": day,
        "actor": request.actor,
        "now": timezone.now(),
    }
    if form.is_bound:
        fields = {k: v for k, v in form.cleaned_data.items() if k != "is_whole_day"}
        change_indisponibilite_occurrence(**fields, **common)
        return _("Cette fois est changée. Les autres ne changent pas.")
    if request.POST["action"] == "restore":
        restore_indisponibilite_occurrence(**common)
        return _("L’exception est annulée : cette fois suit à nouveau la répétition.")
    skip_indisponibilite_occurrence(**common)
    return _("Cette fois est supprimée. Les autres restent.")
