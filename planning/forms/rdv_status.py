"""What the buttons of statuses post, for a RDV or one person."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from planning.models import Status
from rdv.common.forms import DsfrForm, OwnPathField


class RdvStatusForm(DsfrForm):
    """`confirmed`: sent by the page that names who will be told. `next`: where to go back."""

    status = forms.ChoiceField(
        choices=Status.choices,
        widget=forms.HiddenInput(),
        error_messages={"invalid_choice": _("Ce statut n’existe pas.")},
    )
    confirmed = forms.BooleanField(widget=forms.HiddenInput(), required=False)
    accepts_overlap = forms.BooleanField(widget=forms.HiddenInput(), required=False)
    next = OwnPathField()
    keeps_silent = forms.BooleanField(
        label=_("Ne prévenir personne"),
        help_text=_("Aucun message ne partira. Prévenez les personnes vous-même si besoin."),
        required=False,
    )


class ArrivalForm(DsfrForm):
    """`here`: "1" when the person has come, empty to take it back."""

    here = forms.BooleanField(required=False)
    next = OwnPathField()
