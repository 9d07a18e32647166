"""Sign-in of the usagers: an address, then the six digits that were sent to it (decision 20)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm
from usagers.forms.booking_identity import AddressField


class SignInForm(DsfrForm):
    email = AddressField()


class CodeForm(DsfrForm):
    code = forms.CharField(
        label=_("Code à six chiffres"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "class": "rdv-letters",
            }
        ),
        error_messages={"required": _("Écrivez le code que vous avez reçu.")},
    )
