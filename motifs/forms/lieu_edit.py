from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm, PhoneField
from rdv.common.phones import national

if TYPE_CHECKING:
    from motifs.models import Lieu


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


def lieu_initial(lieu: Lieu) -> dict[str, str]:
    """Return what the form shows of a lieu."""
    return {
        "name": lieu.name,
        "address": lieu.address,
        "phone_number": national(str(lieu.phone_number)) if lieu.phone_number else "",
    }
