from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DateInput, DsfrForm

if TYPE_CHECKING:
    from datetime import date


class BookingSuspendForm(DsfrForm):
    """`today`: in the territoire."""

    until = forms.DateField(
        label=_("Jour de reprise"),
        help_text=_("La réservation en ligne reprend d’elle-même au début de ce jour."),
        widget=DateInput(),
    )
    message = forms.CharField(
        label=_("Message aux usagers"),
        help_text=_("Affiché tel quel. Exemple : fermé pour travaux. 500 caractères au plus."),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until <= self._today:
            raise forms.ValidationError(_("Choisissez un jour à venir."))
        if (until - self._today).days > 2 * 366:
            raise forms.ValidationError(_("Choisissez un jour avant deux ans."))
        return until
