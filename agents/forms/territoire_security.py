from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm


class TerritoireSecurityForm(DsfrForm):
    requires_two_factor = forms.BooleanField(
        label=_("Exiger la double authentification des administrateurs du territoire"),
        help_text=_(
            "Ceux qui ne l’ont pas activée devront le faire à leur prochaine page ; jusque-là, "
            "toutes les autres pages leur sont fermées."
        ),
        required=False,
    )
