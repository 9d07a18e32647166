"""Cancelling a RDV: one choice, to keep silent."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm


class RdvCancelForm(DsfrForm):
    keeps_silent = forms.BooleanField(
        label=_("Ne prévenir personne"),
        help_text=_("Aucun message ne partira. Prévenez les personnes vous-même si besoin."),
        required=False,
    )
