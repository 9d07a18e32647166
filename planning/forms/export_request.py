from __future__ import annotations

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from planning.models import ExportFormat, ExportKind
from rdv.common.forms import DsfrForm


class ExportRequestForm(DsfrForm):
    """What the file holds. `uuid` names the request, so that a second click asks for nothing."""

    uuid = forms.UUIDField(widget=forms.HiddenInput(), initial=uuid4)
    kind = forms.ChoiceField(
        label=_("Ce que vous voulez exporter"),
        choices=ExportKind.choices,
        initial=ExportKind.RDV,
        widget=forms.RadioSelect(),
    )
    file_format = forms.ChoiceField(
        label=_("Format du fichier"),
        choices=ExportFormat.choices,
        initial=ExportFormat.XLSX,
        widget=forms.RadioSelect(),
        help_text=_("Un classeur Excel contient au plus 1 000 000 de lignes."),
    )
