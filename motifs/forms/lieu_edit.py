from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm, PhoneField


class LieuForm(DsfrForm):
    name = forms.CharField(
        label=_("Nom"), help_text=_("Exemple : Maison des solidarités d’Arras Nord"), max_length=120
    )
    address = forms.CharField(
        label=_("Adresse"),
        help_text=_("Exemple : 2 rue de la Paix, 62000 Arras"),
        max_length=250,
    )
    phone_number = PhoneField(
        label=_("Téléphone"),
        help_text=_("Donné aux usagers ; sans lui, c’est celui de l’organisation."),
        required=False,
    )
