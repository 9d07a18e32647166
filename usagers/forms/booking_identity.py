"""Who books: the three fields of a first booking, and the phone if wished (A05)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm, PhoneField
from usagers.forms.booking_company import BookingCompanyForm
from usagers.rules.email_address import clean_address
from usagers.services.booking_draft_save import Identity


class AddressField(forms.EmailField):
    """An e-mail address; cleans to its one spelling."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})
        )
        kwargs.setdefault("label", _("Adresse e-mail"))
        kwargs.setdefault("help_text", _("Format attendu : nom@domaine.fr"))
        super().__init__(
            error_messages={
                "required": _("Écrivez votre adresse e-mail."),
                "invalid": _("Cette adresse n’est pas complète. Exemple : nom@domaine.fr"),
            },
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        cleaned: str = super().clean(clean_address(value or ""))
        return cleaned


class BookingIdentityForm(BookingCompanyForm):
    last_name = forms.CharField(
        label=_("Nom"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "family-name", "spellcheck": "false"}),
        error_messages={"required": _("Écrivez votre nom.")},
    )
    first_name = forms.CharField(
        label=_("Prénom"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name", "spellcheck": "false"}),
        error_messages={"required": _("Écrivez votre prénom.")},
    )
    email = AddressField()
    phone_number = PhoneField(
        label=_("Téléphone"),
        required=False,
        help_text=_(
            "Avec un numéro de mobile, vous recevez aussi un SMS. "
            "Un téléphone fixe ne reçoit pas de SMS. Exemple : 06 39 98 12 34"
        ),
    )

    def identity(self) -> Identity:
        """Return who books, once the form is valid."""
        data = self.cleaned_data
        return Identity(data["first_name"], data["last_name"], data["email"], data["phone_number"])


class BookingAddressForm(DsfrForm):
    """The address alone, to correct it."""

    email = AddressField()
