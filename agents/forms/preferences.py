from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.models import PlanningNotificationLevel, RdvNotificationLevel
from rdv.common.forms import DsfrForm


class PreferencesForm(DsfrForm):
    rdv_notifications = forms.ChoiceField(
        label=_("E-mails sur mes RDV"),
        help_text=_("RDV pris, déplacés ou annulés."),
        choices=RdvNotificationLevel.choices,
        widget=forms.RadioSelect(),
    )
    plage_notifications = forms.ChoiceField(
        label=_("E-mails sur mes plages d’ouverture"),
        choices=PlanningNotificationLevel.choices,
        widget=forms.RadioSelect(),
    )
    indisponibilite_notifications = forms.ChoiceField(
        label=_("E-mails sur mes indisponibilités"),
        choices=PlanningNotificationLevel.choices,
        widget=forms.RadioSelect(),
    )
