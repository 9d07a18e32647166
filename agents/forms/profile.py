from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm, PhoneField


class ProfileForm(DsfrForm):
    first_name = forms.CharField(
        label=_("Prénom"), max_length=80, widget=forms.TextInput({"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Nom"),
        help_text=_("Les usagers lisent l’initiale du prénom et le nom."),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "family-name"}),
    )
    phone_number = PhoneField(
        label=_("Téléphone professionnel"),
        help_text=_("Pour vos collègues. Exemple : 01 23 45 67 89"),
        required=False,
    )

    def __init__(self, *args: Any, are_names_given: bool = False, **kwargs: Any) -> None:
        """`are_names_given`: ProConnect gives the names, nobody else changes them."""
        super().__init__(*args, **kwargs)
        if are_names_given:
            del self.fields["first_name"], self.fields["last_name"]
