"""Form of an indisponibilité."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from planning.forms.recurrence import RecurrenceForm
from rdv.common.forms import DateInput, TimeInput

LONGEST_DAYS = 366


class IndisponibiliteForm(RecurrenceForm):
    """« Toute la journée » is stored from 0 h of the first day to 0 h after the last one."""

    title = forms.CharField(
        label=_("Description"),
        help_text=_(
            "Exemple : congés, formation. Visible par vous et par les agents qui peuvent la "
            "modifier ; les autres voient « Indisponible »."
        ),
        max_length=120,
    )
    end_day = forms.DateField(label=_("Dernier jour"), widget=DateInput())
    is_whole_day = forms.BooleanField(label=_("Toute la journée"), required=False)
    start_time = forms.TimeField(label=_("Heure de début"), required=False, widget=TimeInput())
    end_time = forms.TimeField(label=_("Heure de fin"), required=False, widget=TimeInput())

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("is_whole_day"):
            self._forgive("start_time", "end_time")
        else:
            for name in ("start_time", "end_time"):
                if name not in self.errors and data.get(name) is None:
                    self.add_error(name, _("Donnez une heure, ou cochez « Toute la journée »."))
        first, last = data.get("first_day"), data.get("end_day")
        if first and last:
            self._check_order(data)
        if data.get("is_whole_day") and last and not self.errors:
            data["start_time"] = data["end_time"] = time()
            data["end_day"] = last + timedelta(days=1)
        return data

    def _check_order(self, data: dict[str, Any]) -> None:
        first, last = data["first_day"], data["end_day"]
        start, end = data.get("start_time"), data.get("end_time")
        if last < first:
            self.add_error("end_day", _("Le dernier jour est avant le premier."))
        elif (last - first).days > LONGEST_DAYS:
            self.add_error("end_day", _("Une indisponibilité dure un an au plus."))
        elif first == last and not data.get("is_whole_day") and start and end and end <= start:
            self.add_error("end_time", _("L’heure de fin est après l’heure de début."))
