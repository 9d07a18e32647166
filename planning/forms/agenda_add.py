"""A free time of an agenda: the day and the hours, as every page that starts from it reads them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from planning.forms.agenda_state import FIRST_DAY, LAST_DAY
from rdv.common.forms import DateInput, DsfrForm, TimeInput

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


class DayHoursForm(DsfrForm):
    """`jour`, `debut`, `fin`: names that the URLs of the agenda share. Midnight ends the day."""

    jour = forms.DateField(label=_("Jour"), widget=DateInput())
    debut = forms.TimeField(label=_("Début"), widget=TimeInput())
    fin = forms.TimeField(label=_("Fin"), widget=TimeInput())

    def clean_jour(self) -> Any:
        day = self.cleaned_data["jour"]
        if not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(_("Cette date est trop éloignée."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.get("debut"), cleaned.get("fin")
        if start and end is not None and end != time() and end <= start:
            self.add_error("fin", _("L’heure de fin est après l’heure de début."))
        return cleaned

    def period(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the aware instants of a valid form."""
        day, end = self.cleaned_data["jour"], self.cleaned_data["fin"]
        last = day if end != time() else day + timedelta(days=1)
        start = datetime.combine(day, self.cleaned_data["debut"], zone)
        return start, datetime.combine(last, end, zone)
