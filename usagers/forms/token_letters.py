"""The three letters asked by the link of a message (decision 11)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm


class TokenLettersForm(DsfrForm):
    letters = forms.CharField(
        label=_("Les trois premières lettres de votre nom"),
        # More is accepted: somebody who types the whole name knows it.
        max_length=80,
        help_text=_(
            "Par exemple : MAR pour Martin, DEL pour De la Tour, BO pour Bo. "
            "Les accents et les majuscules ne comptent pas."
        ),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "rdv-letters",
            }
        ),
        error_messages={"required": _("Écrivez les trois premières lettres de votre nom.")},
    )
