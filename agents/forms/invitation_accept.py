from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm


class InvitationAcceptForm(DsfrForm):
    """The service decides whether the password follows the rules."""

    first_name = forms.CharField(
        label=_("Prénom"), max_length=80, widget=forms.TextInput({"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Nom"),
        help_text=_("Les usagers lisent l’initiale du prénom et le nom."),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "family-name"}),
    )
    password = forms.CharField(
        label=_("Mot de passe"),
        help_text=_(
            "12 caractères au moins, dont un chiffre, une majuscule et un signe de ponctuation."
        ),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
