"""Cancelling a RDV: on whose initiative, and whether to keep silent."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from planning.models import Status
from rdv.common.forms import DsfrForm


class RdvCancelForm(DsfrForm):
    status = forms.ChoiceField(
        label=_("Qui annule ?"),
        choices=[
            (Status.REVOKED, _("Le service")),
            (Status.EXCUSED, _("L’usager l’a demandé")),
        ],
        initial=Status.REVOKED,
        widget=forms.RadioSelect(),
    )
    keeps_silent = forms.BooleanField(
        label=_("Ne prévenir personne"),
        help_text=_("Aucun message ne partira. Prévenez les personnes vous-même si besoin."),
        required=False,
    )
