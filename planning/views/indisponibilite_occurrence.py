from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.views.decorators.http import require_http_methods

from planning.forms.occurrence import (
    IndisponibiliteOccurrenceForm,
    indisponibilite_occurrence_initial,
)
from planning.queries.indisponibilite_covered import newly_covered
from planning.queries.occurrences import occurrence_of
from planning.queries.schedule_words import words_of
from planning.services.series_occurrence import INDISPONIBILITES, change_occurrence
from planning.views.indisponibilite_edit import edit_url, editable, place_of
from planning.views.series_occurrence import OccurrencePage
from planning.views.series_page import occurrence_or_404

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from planning.models import Indisponibilite
    from planning.queries.indisponibilite_covered import Covered
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def indisponibilite_occurrence(
    request: Request, indisponibilite_uuid: UUID, day: str
) -> HttpResponse:
    """See OccurrencePage."""
    row = editable(request, indisponibilite_uuid)
    organisation = place_of(request, row)
    found = occurrence_or_404(row, day)
    return IndisponibiliteOccurrencePage(request, organisation, row, found).respond()


class IndisponibiliteOccurrencePage(OccurrencePage):
    series = INDISPONIBILITES
    template = "planning/indisponibilite_occurrence.html"
    covered: Covered | None = None

    def fresh_row(self) -> Indisponibilite:
        return editable(self.request, self.row.uuid)

    def form(self, data: Any) -> IndisponibiliteOccurrenceForm:
        occurrence = occurrence_of(self.row, self.day)
        return IndisponibiliteOccurrenceForm(
            data,
            initial=indisponibilite_occurrence_initial(
                occurrence.now or occurrence.planned, self.row.ics_sequence
            ),
            today=timezone.localdate(),
        )

    def accepts(self, form: IndisponibiliteOccurrenceForm) -> bool:
        """List the RDVs under the new time that are not under the present one."""
        now = occurrence_of(self.row, self.day).now
        self.covered = newly_covered(
            self.row, form.times(), now, actor=self.request.actor, now=timezone.now()
        )
        return form.accepts(self.covered.keys)

    def change(self, form: IndisponibiliteOccurrenceForm, *, row_id: int, **common: Any) -> None:
        change_occurrence(
            series=INDISPONIBILITES,
            row_id=row_id,
            version=form.cleaned_data["version"],
            **form.columns(),
            **common,
        )

    def back(self) -> str:
        return edit_url(self.row, self.organisation)

    def context(self) -> dict[str, Any]:
        row = self.row
        return {
            "menu": "indisponibilites",
            "indisponibilite": row,
            "words": words_of(row, (row.end_day - row.first_day).days),
            "covered": self.covered,
        }
