from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.models import OrganisationKind
from rdv.common.forms import DsfrForm


class OrganisationCreateForm(DsfrForm):
    name = forms.CharField(
        label=_("Nom de l’organisation"),
        help_text=_("Lu par les usagers. Exemple : Mairie d’Arras, CCAS, Maison des solidarités."),
        max_length=120,
    )
    kind = forms.ChoiceField(
        label=_("Genre"),
        help_text=_("Il choisit les motifs tout prêts que nous vous proposerons ensuite."),
        choices=OrganisationKind.choices,
        widget=forms.RadioSelect(),
        error_messages={
            "required": _("Choisissez un genre."),
            "invalid_choice": _("Choisissez un genre de la liste."),
        },
    )
