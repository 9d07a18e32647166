from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.forms.agent_invite import (
    Choices,
    give_choices,
    intervenant_name_field,
    level_field,
    services_field,
)
from agents.models import Level
from rdv.common.forms import DsfrForm


class IntervenantNameForm(DsfrForm):
    last_name = intervenant_name_field()


class IntervenantForm(IntervenantNameForm):
    services = services_field()

    def __init__(self, *args: Any, services: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give_choices(self.fields["services"], services)
        if len(services) == 1:
            self.fields["services"].initial = [services[0][0]]


class IntervenantAccountForm(DsfrForm):
    email = forms.EmailField(
        label=_("Adresse e-mail professionnelle"),
        help_text=_("La personne y recevra un lien, valable 7 jours."),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    first_name = forms.CharField(
        label=_("Prénom"), max_length=80, widget=forms.TextInput({"autocomplete": "off"})
    )
    last_name = forms.CharField(
        label=_("Nom"), max_length=80, widget=forms.TextInput({"autocomplete": "off"})
    )
    level = level_field()

    def __init__(self, *args: Any, levels: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give_choices(self.fields["level"], levels)
        self.fields["level"].initial = Level.BASIQUE
