"""Wait for a créneau: where, and one address to be told at (A09)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rdv.common.forms import DsfrForm, PhoneField
from rdv.common.phones import is_mobile
from usagers.forms.booking_identity import AddressField

if TYPE_CHECKING:
    from collections.abc import Sequence


class WaitingListForm(DsfrForm):
    """`places` are (value, label); one alone is not asked."""

    place = forms.ChoiceField(
        label=gettext_lazy("Où voulez-vous aller ?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choisissez un lieu."),
            "invalid_choice": gettext_lazy("Choisissez un lieu."),
        },
    )
    email = AddressField(required=False)
    phone_number = PhoneField(
        label=gettext_lazy("Ou téléphone mobile"),
        required=False,
        help_text=gettext_lazy("Exemple : 06 39 98 12 34"),
    )

    def __init__(
        self, *args: Any, places: Sequence[tuple[str, str]], chosen: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.only = places[0][0] if len(places) == 1 else ""
        if self.only:
            del self.fields["place"]
        else:
            self.fields["place"].choices = places  # type: ignore[attr-defined]
            self.fields["place"].initial = chosen

    def clean_phone_number(self) -> str:
        number: str = self.cleaned_data["phone_number"]
        if number and not is_mobile(number):
            raise forms.ValidationError(
                _("Ce numéro ne reçoit pas de SMS. Écrivez un numéro de mobile ou un e-mail.")
            )
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data["email"] and not data["phone_number"]:
            self.add_error("email", _("Écrivez votre adresse e-mail ou votre mobile."))
        return data

    @property
    def chosen(self) -> str:
        """Return the value of the place, once the form is valid."""
        return self.only or self.cleaned_data["place"]

    @property
    def address(self) -> dict[str, str]:
        """Return the one address to prove: the e-mail when both were written."""
        email, phone = self.cleaned_data["email"], self.cleaned_data["phone_number"]
        return {"email": email} if email else {"phone_number": phone}


class ContactCodeForm(DsfrForm):
    code = forms.CharField(
        label=gettext_lazy("Code à six chiffres"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "rdv-letters"}
        ),
        error_messages={"required": gettext_lazy("Écrivez les six chiffres du message.")},
    )
