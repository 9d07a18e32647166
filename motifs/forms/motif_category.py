from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm


class MotifCategoryForm(DsfrForm):
    name = forms.CharField(
        label=_("Nom de la catégorie"),
        help_text=_("Exemple : Papiers d’identité, Petite enfance, Insertion."),
        max_length=80,
    )
