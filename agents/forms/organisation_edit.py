from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.models import OrganisationKind
from rdv.common.forms import DsfrForm, PhoneField


class OrganisationForm(DsfrForm):
    name = forms.CharField(label=_("Nom"), max_length=120)
    kind = forms.ChoiceField(
        label=_("Genre"),
        help_text=_("Il choisit les motifs tout prêts que nous vous proposons."),
        choices=OrganisationKind.choices,
        error_messages={"invalid_choice": _("Choisissez un genre de la liste.")},
    )
    phone_number = PhoneField(
        label=_("Téléphone"),
        help_text=_("Donné aux usagers pour joindre l’organisation."),
        required=False,
    )
    email = forms.EmailField(
        label=_("Adresse e-mail"),
        help_text=_("Donnée aux usagers. Exemple : accueil@mairie.fr"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    website = forms.URLField(
        label=_("Site internet"),
        help_text=_("Exemple : https://www.mairie.fr"),
        required=False,
        assume_scheme="https",
    )
    opening_hours = forms.CharField(
        label=_("Horaires"),
        help_text=_("Exemple : du lundi au vendredi, de 9 h à 12 h et de 14 h à 17 h."),
        max_length=1_000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
