"""Who books: the three fields of a first booking, and the phone if wished (A05)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm, PhoneField
from usagers.rules.email_address import clean_address


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


class BookingIdentityForm(DsfrForm):
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

    def __init__(self, *args: Any, needs_phone: bool = False, **kwargs: Any) -> None:
        """`needs_phone`: the RDV is a phone call, so the number is what it takes place on."""
        super().__init__(*args, **kwargs)
        if needs_phone:
            phone = self.fields["phone_number"]
            phone.required = True
            phone.error_messages["required"] = str(_("Écrivez le numéro à appeler."))
            phone.help_text = _("Le service vous appellera à ce numéro. Exemple : 06 39 98 12 34")


class BookingAddressForm(DsfrForm):
    """The address alone, to correct it."""

    email = AddressField()
