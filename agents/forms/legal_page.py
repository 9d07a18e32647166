from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm


class LegalPageForm(DsfrForm):
    text = forms.CharField(
        label=_("Texte de la page"),
        help_text=_(
            "« ## » devant un titre, « ### » devant un sous-titre, « - » devant chaque point d’une "
            "liste, une ligne vide entre deux paragraphes, [mots](https://adresse) pour un lien. "
            "Vide : le texte d’origine revient."
        ),
        max_length=50_000,
        required=False,
        widget=forms.Textarea({"rows": 24, "lang": "fr"}),
    )
