from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm

SHORTEST = 10


class ImpersonationForm(DsfrForm):
    email = forms.EmailField(label=_("Adresse e-mail de l’agent"))
    reason = forms.CharField(
        label=_("Raison"),
        help_text=_("Par exemple le numéro de la demande d’aide. Sans donnée personnelle."),
        min_length=SHORTEST,
        max_length=200,
    )
