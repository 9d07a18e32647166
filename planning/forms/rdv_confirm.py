from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from planning.services.rdv_create import Told
from rdv.common.forms import DsfrForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.forms.boundfield import BoundField

    from planning.queries.rdv_preview import Reached
    from usagers.models import Usager


@dataclass(frozen=True)
class Switches:
    person: Reached
    changes: BoundField
    reminder: BoundField


class RdvConfirmForm(DsfrForm):
    """Two switches a person, on unless unticked; `warnings` is the fingerprint of those shown."""

    warnings = forms.CharField(widget=forms.HiddenInput(), required=False)

    def __init__(self, *args: Any, people: Iterable[Reached], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._usagers: list[Usager] = []
        for person in people:
            usager = person.usager
            self._usagers.append(usager)
            self.fields[f"changes_{usager.uuid}"] = forms.BooleanField(
                label=_("Confirmer le RDV et prévenir des changements"),
                required=False,
                initial=True,
            )
            self.fields[f"reminder_{usager.uuid}"] = forms.BooleanField(
                label=_("Envoyer un rappel 48 heures avant"), required=False, initial=True
            )

    def rows(self, people: Iterable[Reached]) -> list[Switches]:
        return [
            Switches(
                person,
                self[f"changes_{person.usager.uuid}"],
                self[f"reminder_{person.usager.uuid}"],
            )
            for person in people
        ]

    def told(self) -> dict[int, Told]:
        data = self.cleaned_data
        return {
            usager.pk: Told(
                changes=data[f"changes_{usager.uuid}"], reminder=data[f"reminder_{usager.uuid}"]
            )
            for usager in self._usagers
        }
