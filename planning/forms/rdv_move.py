"""Moving a RDV: where to (in the URL, or typed), and how it is confirmed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm


class RdvMoveForm(DsfrForm):
    accepts_overlap = forms.BooleanField(
        label=_("Placer ce RDV malgré le chevauchement"), required=False
    )
    keeps_silent = forms.BooleanField(
        label=_("Ne pas prévenir"),
        help_text=_("Aucun message ne partira. Prévenez les personnes vous-même si besoin."),
        required=False,
    )
