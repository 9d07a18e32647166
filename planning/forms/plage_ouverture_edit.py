"""Form of a plage d'ouverture."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from planning.forms.plage_place import PlagePlaceForm
from planning.forms.recurrence import RecurrenceForm


class PlageOuvertureForm(PlagePlaceForm, RecurrenceForm):
    """Takes the arguments of both bases."""

    title = forms.CharField(
        label=_("Nom de la plage"),
        help_text=_("Pour vous y retrouver ; les usagers ne le voient pas."),
        max_length=120,
        required=False,
    )
    opens_on_holidays = forms.BooleanField(
        label=_("Ouverte aussi les jours fériés"), required=False
    )
    max_rdvs_per_day = forms.IntegerField(
        label=_("RDV par jour, au plus"),
        help_text=_("Au-delà, plus aucun créneau de la plage n’est proposé ce jour-là."),
        required=False,
        min_value=1,
        max_value=500,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        start, end = data.get("start_time"), data.get("end_time")
        if start and end and end <= start:
            self.add_error("end_time", _("L’heure de fin est après l’heure de début."))
        return data
