"""Forms of one occurrence: a day and hours, this time only; the motifs and lieu of a plage."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from planning.forms.indisponibilite_edit import LONGEST_DAYS
from planning.forms.plage_place import PlagePlaceForm
from planning.forms.recurrence import FARTHEST, WarnedForm
from planning.models.recurrence import FIRST_POSSIBLE_DAY
from planning.queries.occurrences import Times
from rdv.common.forms import DateInput, TimeInput


class OccurrenceForm(WarnedForm):
    """Base of the two forms. `today` is that of the territoire."""

    new_day = forms.DateField(label=_("Jour"), widget=DateInput())
    start_time = forms.TimeField(label=_("Heure de début"), widget=TimeInput())
    end_time = forms.TimeField(label=_("Heure de fin"), widget=TimeInput())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.farthest = today + FARTHEST

    def clean_new_day(self) -> date:
        day: date = self.cleaned_data["new_day"]
        if not FIRST_POSSIBLE_DAY <= day <= self.farthest:
            raise forms.ValidationError(_("Choisissez un jour entre 2018 et dans cinq ans."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.is_backwards(data):
            self.add_error("end_time", _("L’heure de fin est après l’heure de début."))
        return data

    def is_backwards(self, data: dict[str, Any]) -> bool:
        start, end = data.get("start_time"), data.get("end_time")
        return start is not None and end is not None and end <= start


class PlageOccurrenceForm(PlagePlaceForm, OccurrenceForm):
    """Takes the arguments of both bases."""

    def times(self) -> Times:
        data = self.cleaned_data
        return Times(data["new_day"], data["start_time"], data["new_day"], data["end_time"])


class IndisponibiliteOccurrenceForm(OccurrenceForm):
    """« Toute la journée » is stored until 0 h after the last day, as in the form of the rule."""

    new_day = forms.DateField(label=_("Premier jour"), widget=DateInput())
    new_end_day = forms.DateField(label=_("Dernier jour"), widget=DateInput())
    is_whole_day = forms.BooleanField(label=_("Toute la journée"), required=False)
    start_time = forms.TimeField(label=_("Heure de début"), required=False, widget=TimeInput())
    end_time = forms.TimeField(label=_("Heure de fin"), required=False, widget=TimeInput())

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("new_day"), data.get("new_end_day")
        if first and last and last < first:
            self.add_error("new_end_day", _("Le dernier jour est avant le premier."))
        elif first and last and (last - first).days > LONGEST_DAYS:
            self.add_error("new_end_day", _("Une indisponibilité dure un an au plus."))
        if data.get("is_whole_day"):
            for name in ("start_time", "end_time"):
                self.errors.pop(name, None)
            data["start_time"] = data["end_time"] = time()
            if last and not self.errors:
                data["new_end_day"] = last + timedelta(days=1)
        else:
            for name in ("start_time", "end_time"):
                if name not in self.errors and data.get(name) is None:
                    self.add_error(name, _("Donnez une heure, ou cochez « Toute la journée »."))
        return data

    def is_backwards(self, data: dict[str, Any]) -> bool:
        same_day = data.get("new_day") == data.get("new_end_day")
        return same_day and not data.get("is_whole_day") and super().is_backwards(data)

    def columns(self) -> dict[str, Any]:
        """Return the columns of the exception, once the form is valid."""
        data = self.cleaned_data
        return {
            "new_day": data["new_day"],
            "new_start_time": data["start_time"],
            "new_end_day": data["new_end_day"],
            "new_end_time": data["end_time"],
        }

    def times(self) -> Times:
        data = self.cleaned_data
        return Times(data["new_day"], data["start_time"], data["new_end_day"], data["end_time"])


def plage_occurrence_initial(times: Times, version: int) -> dict[str, Any]:
    return {
        "new_day": times.day,
        "start_time": times.start,
        "end_time": times.end,
        "version": version,
    }


def indisponibilite_occurrence_initial(times: Times, version: int) -> dict[str, Any]:
    midnight = time()
    whole = times.start == times.end == midnight
    return {
        "new_day": times.day,
        "new_end_day": times.end_day - timedelta(days=1) if whole else times.end_day,
        "is_whole_day": whole,
        "start_time": None if whole else times.start,
        "end_time": None if whole else times.end,
        "version": version,
    }
