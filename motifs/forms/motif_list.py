from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motifs.models import LocationType
from rdv.common.forms import DsfrForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agents.models import Service


class MotifFilterForm(DsfrForm):
    """A GET form: what it cannot read filters nothing."""

    text = forms.CharField(
        label=_("Nom"), max_length=120, required=False, widget=forms.TextInput({"type": "search"})
    )
    service = forms.ChoiceField(label=_("Service"), required=False)
    location_type = forms.ChoiceField(
        label=_("Type"), required=False, choices=[("", _("Tous")), *LocationType.choices]
    )
    online = forms.ChoiceField(
        label=_("Réservation en ligne"),
        required=False,
        choices=[("", _("Tous")), ("1", _("En ligne")), ("0", _("Hors ligne"))],
    )

    def __init__(self, *args: Any, services: Iterable[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = [  # type: ignore[attr-defined]
            ("", _("Tous")),
            *[(service.code, service.name) for service in services],
        ]

    def filters(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}
