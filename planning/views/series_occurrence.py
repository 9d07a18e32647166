"""The page of one occurrence of a series: what plages and indisponibilités share of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from planning.queries.occurrences import occurrence_of
from planning.services.occurrence_split import ChangedMeanwhile
from planning.services.series_occurrence import restore_occurrence, skip_occurrence
from rdv.common.errors import DomainError
from rdv.common.saving import InvalidRow

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from agents.models import Organisation
    from planning.forms.occurrence import OccurrenceForm
    from planning.services.series_occurrence import SeriesKind
    from rdv.common.http import Request


class OccurrencePage:
    """Move or change one occurrence, leave it out, give it back; or go on to the others.

    POST `action`: `change` (the form), `skip` or `restore`. A subclass says what is its kind's.
    """

    series: SeriesKind
    template: str

    def __init__(self, request: Request, organisation: Organisation, row: Any, day: date) -> None:
        self.request, self.organisation, self.row, self.day = request, organisation, row, day

    def fresh_row(self) -> Any:
        """Return the row as somebody else has just left it."""
        raise NotImplementedError

    def form(self, data: Any) -> OccurrenceForm:
        raise NotImplementedError

    def accepts(self, form: Any) -> bool:
        """Say whether the person has seen what the change meets, and goes on."""
        raise NotImplementedError

    def change(self, form: Any, *, row_id: int, **common: Any) -> None:
        """Call the service; `common`: `day`, `actor` and `now`."""
        raise NotImplementedError

    def back(self) -> str:
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        raise NotImplementedError

    def respond(self) -> HttpResponse:
        form = self.form(self.request.POST if self._changes() else None)
        if self.request.method == "POST" and self._may_act(form):
            try:
                done = self._act(form)
            except ChangedMeanwhile as refusal:
                self.row = self.fresh_row()
                form.add_refusal(refusal)
                form.show_newer(self.row.ics_sequence)
            except InvalidRow as refusal:
                form.add_refusal(refusal)
            except DomainError as refusal:
                messages.error(self.request, refusal.message)
                return redirect(self.back())
            else:
                messages.success(self.request, done)
                return redirect(self.back())
        context = {
            "organisation": self.organisation,
            "agent": self.row.agent,
            "occurrence": occurrence_of(self.row, self.day),
            "form": form,
            **self.context(),
        }
        status = 422 if form.is_bound and (form.errors or form.warnings) else 200
        return render(self.request, self.template, context, status=status)

    def _may_act(self, form: OccurrenceForm) -> bool:
        return not form.is_bound or (form.is_valid() and self.accepts(form))

    def _changes(self) -> bool:
        acts = {"skip", "restore"}
        return self.request.method == "POST" and self.request.POST.get("action") not in acts

    def _act(self, form: OccurrenceForm) -> str:
        """Do what was asked and return the words that say it."""
        common: dict[str, Any] = {
            "row_id": self.row.pk,
            "day": self.day,
            "actor": self.request.actor,
            "now": timezone.now(),
        }
        if form.is_bound:
            self.change(form, **common)
            return _("Cette fois est changée. Les autres ne changent pas.")
        if self.request.POST["action"] == "restore":
            restore_occurrence(series=self.series, **common)
            return _("L’exception est annulée : cette fois suit à nouveau la répétition.")
        skip_occurrence(series=self.series, **common)
        return _("Cette fois est supprimée. Les autres restent.")
