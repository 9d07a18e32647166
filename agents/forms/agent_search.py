from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm


class AgentSearchForm(DsfrForm):
    q = forms.CharField(
        label=_("Chercher un agent"),
        help_text=_("Nom ou adresse e-mail."),
        max_length=100,
        required=False,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
