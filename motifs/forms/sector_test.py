from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.addresses import LONGEST
from rdv.common.forms import DsfrForm


class SectorTestForm(DsfrForm):
    address = forms.CharField(
        label=_("Adresse"),
        max_length=LONGEST,
        help_text=_("Numéro, rue et commune. Exemple : 12 rue de la Paix, Arras"),
        error_messages={"required": _("Écrivez une adresse.")},
    )
