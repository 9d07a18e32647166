from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.models import AgendaView, PlanningNotificationLevel, RdvNotificationLevel
from rdv.common.forms import DsfrForm


class PreferencesForm(DsfrForm):
    agenda_view = forms.ChoiceField(
        label=_("Mon agenda s’ouvre sur la vue"),
        help_text=_("Sur un téléphone, c’est toujours le jour."),
        choices=AgendaView.choices,
        widget=forms.RadioSelect(),
    )
    shows_saturdays = forms.BooleanField(
        label=_("Afficher les samedis"),
        help_text=_("Un jour où il y a quelque chose s’affiche toujours."),
        required=False,
    )
    shows_cancelled = forms.BooleanField(label=_("Afficher les RDV annulés"), required=False)
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
