from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.forms.occurrence import PlageOccurrenceForm, plage_occurrence_initial
from planning.policies import plages_for
from planning.queries.occurrences import occurrence_of
from planning.queries.schedule_words import words_of
from planning.services.series_occurrence import PLAGES, change_occurrence
from planning.views.series_occurrence import OccurrencePage
from planning.views.series_page import occurrence_or_404
from rdv.common.access import get_or_deny

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from planning.models import PlageOuverture
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def plage_ouverture_occurrence(request: Request, plage_uuid: UUID, day: str) -> HttpResponse:
    """See OccurrencePage."""
    plage = _editable(request, plage_uuid)
    timezone.activate(plage.organisation.territoire.zone)
    found = occurrence_or_404(plage, day)
    return PlageOccurrencePage(request, plage.organisation, plage, found).respond()


class PlageOccurrencePage(OccurrencePage):
    series = PLAGES
    template = "planning/plage_ouverture_occurrence.html"

    def fresh_row(self) -> PlageOuverture:
        return _editable(self.request, self.row.uuid)

    def form(self, data: Any) -> PlageOccurrenceForm:
        occurrence = occurrence_of(self.row, self.day)
        return PlageOccurrenceForm(
            data,
            initial=plage_occurrence_initial(
                occurrence.now or occurrence.planned, self.row.ics_sequence
            ),
            today=timezone.localdate(),
        )

    def change(self, form: PlageOccurrenceForm, **common: Any) -> None:
        change_occurrence(series=PLAGES, **form.columns(), **common)

    def back(self) -> str:
        return reverse("planning:plage_ouverture_edit", args=[self.row.uuid])

    def context(self) -> dict[str, Any]:
        return {"menu": "plages", "plage": self.row, "words": words_of(self.row)}


def _editable(request: Request, plage_uuid: UUID) -> PlageOuverture:
    return get_or_deny(plages_for, request.actor, Permission.PLAGE_EDIT, uuid=plage_uuid)
