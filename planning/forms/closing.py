"""What becomes of the RDVs to come when something closes or moves (G13)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm

KEEP, CHANGE = "keep", "change"


class ClosingForm(DsfrForm):
    """Asked when there are RDVs to come; without an answer nothing is closed."""

    rdvs = forms.ChoiceField(
        label=_("Que faire de ces RDV ?"),
        choices=[
            (KEEP, _("Les garder : ils restent dans les agendas, et personne n’est prévenu")),
            (CHANGE, _("Les annuler ou les déplacer, et choisir qui est prévenu : page suivante")),
        ],
        widget=forms.RadioSelect(),
    )

    @property
    def changes_rdvs(self) -> bool:
        return bool(self.cleaned_data["rdvs"] == CHANGE)


class LieuTellForm(DsfrForm):
    tell = forms.ChoiceField(
        label=_("Prévenir les personnes de la nouvelle adresse ?"),
        choices=[
            ("yes", _("Oui : les usagers par e-mail ou SMS, et les agents de ces RDV")),
            ("no", _("Non : personne n’est prévenu")),
        ],
        widget=forms.RadioSelect(),
    )
