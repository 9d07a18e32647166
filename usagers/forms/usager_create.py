from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DateInput, DsfrForm, PhoneField


class UsagerCreateForm(DsfrForm):
    """Only the names are required (F01)."""

    last_name = forms.CharField(label=_("Nom d’usage"), max_length=80)
    first_name = forms.CharField(label=_("Prénom"), max_length=80)
    birth_name = forms.CharField(label=_("Nom de naissance"), max_length=80, required=False)
    birth_date = forms.DateField(label=_("Date de naissance"), widget=DateInput(), required=False)
    phone_number = PhoneField(
        label=_("Téléphone"),
        help_text=_("Un mobile reçoit les SMS. Exemple : 06 39 98 12 34."),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=_("Adresse e-mail"), required=False)
    address = forms.CharField(label=_("Adresse"), max_length=250, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # It is not the agent's own identity: the browser must not offer it.
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()
