from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.models.territoire import SmsGateway
from rdv.common.forms import DsfrForm


class SmsGatewayForm(DsfrForm):
    """`masked`: the key on record as it may be shown, never the key itself."""

    sms_gateway = forms.ChoiceField(
        label=_("Qui envoie les SMS"),
        choices=[("", _("Le service, avec son propre compte")), *SmsGateway.choices],
        required=False,
        widget=forms.RadioSelect(),
        help_text=_("Avec un compte à vous, les SMS vous sont facturés par l’opérateur choisi."),
    )
    sms_sender = forms.CharField(
        label=_("Nom de l’expéditeur"),
        help_text=_(
            "Affiché sur le téléphone. 3 à 11 lettres sans accent ou chiffres, dont une lettre. "
            "Exemple : RdvAisne"
        ),
        max_length=11,
        required=False,
    )
    key = forms.CharField(
        label=_("Clé de votre compte"),
        max_length=500,
        required=False,
        strip=True,
        widget=forms.PasswordInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, masked: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].help_text = (
            _("Clé enregistrée : %(key)s. Laissez vide pour la garder.") % {"key": masked}
            if masked
            else _("Donnée par l’opérateur. Elle n’est jamais réaffichée.")
        )
