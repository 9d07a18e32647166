from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm


class DataContactsForm(DsfrForm):
    controller_name = forms.CharField(
        label=_("Responsable de traitement"),
        help_text=_(
            "La collectivité, pas une personne. Exemple : Conseil départemental de l’Aisne. "
            "Vide : le nom du territoire est donné."
        ),
        max_length=200,
        required=False,
    )
    dpo_name = forms.CharField(
        label=_("Délégué à la protection des données"),
        help_text=_("Une personne ou un service. Exemple : Service de la protection des données."),
        max_length=200,
        required=False,
    )
    dpo_email = forms.EmailField(
        label=_("Adresse e-mail du délégué"),
        help_text=_("Vide : l’adresse et le téléphone du territoire sont donnés."),
        required=False,
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
