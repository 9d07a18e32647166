from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.models.territoire import UsagerField
from rdv.common.forms import DsfrForm


class FicheFieldsForm(DsfrForm):
    usager_fields = forms.MultipleChoiceField(
        label=_("Champs montrés"),
        help_text=_("Ne demandez que ce qui sert à recevoir les personnes."),
        choices=lambda: [(value, label.capitalize()) for value, label in UsagerField.choices],
        widget=forms.CheckboxSelectMultiple(),
        required=False,
        error_messages={"invalid_choice": _("Ce champ des fiches n’est pas prévu.")},
    )
