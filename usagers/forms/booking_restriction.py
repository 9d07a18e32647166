"""What must be read and accepted before a créneau is chosen (A03)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm


class BookingRestrictionForm(DsfrForm):
    # The names are those of the URL: the answer is part of what can be shared and reloaded.
    accepte = forms.BooleanField(
        label=_("J’ai lu ces informations et je peux prendre ce rendez-vous"),
        error_messages={"required": _("Cochez la case pour continuer.")},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accepte"].widget.attrs["value"] = "1"
