from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.forms.occurrence import PlageOccurrenceForm, plage_occurrence_initial
from planning.policies import plages_for
from planning.queries.occurrences import occurrence_of
from planning.queries.plage_choices import lieux_for_plage, motifs_for_plage
from planning.queries.plage_occurrence import date_motifs, date_warnings
from planning.queries.schedule_words import words_of
from planning.services.plage_ouverture_occurrence import DateFields, change_plage_occurrence
from planning.services.series_occurrence import PLAGES
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
        plage, actor = self.row, self.request.actor
        occurrence = occurrence_of(plage, self.day)
        shown = occurrence.replacement or plage
        times = plage_occurrence_initial(occurrence.now or occurrence.planned, plage.ics_sequence)
        place = {"motifs": date_motifs(plage, occurrence), "lieu": shown.lieu_id}
        return PlageOccurrenceForm(
            data,
            initial={**times, **place},
            today=timezone.localdate(),
            motifs=motifs_for_plage(
                actor, organisation=plage.organisation, agent=plage.agent, plage=shown
            ),
            lieux=lieux_for_plage(actor, plage.organisation),
        )

    def accepts(self, form: PlageOccurrenceForm) -> bool:
        data = form.cleaned_data
        warnings = date_warnings(
            self.row,
            self.day,
            form.times(),
            motifs=data["motifs"],
            lieu=data["lieu"],
            actor=self.request.actor,
            today=timezone.localdate(),
        )
        return form.accepts(warnings)

    def change(self, form: PlageOccurrenceForm, *, row_id: int, **common: Any) -> None:
        data = form.cleaned_data
        fields = DateFields(
            motif_ids=form.motif_ids(),
            lieu_id=form.lieu_id(),
            new_day=data["new_day"],
            start_time=data["start_time"],
            end_time=data["end_time"],
        )
        change_plage_occurrence(plage_id=row_id, fields=fields, version=data["version"], **common)

    def back(self) -> str:
        return reverse("planning:plage_ouverture_edit", args=[self.row.uuid])

    def context(self) -> dict[str, Any]:
        return {"menu": "plages", "plage": self.row, "words": words_of(self.row)}


def _editable(request: Request, plage_uuid: UUID) -> PlageOuverture:
    return get_or_deny(plages_for, request.actor, Permission.PLAGE_EDIT, uuid=plage_uuid)
