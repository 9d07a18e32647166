from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from planning.services.usager_erase import Reason
from rdv.common.forms import DsfrForm


class UsagerEraseForm(DsfrForm):
    reason = forms.ChoiceField(
        label=_("Pourquoi effacer cette personne ?"),
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une raison.")},
    )
    accepts = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    confirms = forms.BooleanField(
        label=_("Je confirme : ces données seront effacées pour toujours."),
        error_messages={"required": _("Cochez la case pour confirmer.")},
    )
