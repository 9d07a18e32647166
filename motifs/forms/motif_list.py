from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motifs.models import LocationType
from motifs.queries.motif_list import SUSPENDED, MotifFilter
from rdv.common.forms import DsfrForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agents.models import Organisation, Service
    from motifs.models import MotifCategory

_MARKS = [
    ("", _("Toutes")),
    ("prescripteurs", _("Ouvert aux prescripteurs")),
    ("collectif", _("Collectif")),
    ("suivi", _("RDV de suivi")),
    ("secretariat", _("Ouvert au secrétariat")),
    ("invisible", _("Invisible pour l’usager")),
    (SUSPENDED, _("Réservation suspendue")),
]


class MotifFilterForm(DsfrForm):
    """A GET form: what it cannot read filters nothing."""

    text = forms.CharField(
        label=_("Nom"), max_length=120, required=False, widget=forms.TextInput({"type": "search"})
    )
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    service = forms.ChoiceField(label=_("Service"), required=False)
    location_type = forms.ChoiceField(
        label=_("Type"), required=False, choices=[("", _("Tous")), *LocationType.choices]
    )
    online = forms.ChoiceField(
        label=_("Réservation en ligne"),
        required=False,
        choices=[("", _("Tous")), ("1", _("En ligne")), ("0", _("Hors ligne"))],
    )
    category = forms.ChoiceField(label=_("Catégorie"), required=False)
    mark = forms.ChoiceField(label=_("Particularité"), required=False, choices=_MARKS)

    def __init__(
        self,
        *args: Any,
        services: Iterable[Service],
        categories: Iterable[MotifCategory],
        organisations: Iterable[Organisation] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("service", _("Tous"), [(row.code, row.name) for row in services])
        self._offer("category", _("Toutes"), [(str(row.pk), row.name) for row in categories])
        self._offer(
            "organisation", _("Toutes"), [(str(row.uuid), row.name) for row in organisations]
        )

    def _offer(self, name: str, everything: Any, choices: list[tuple[str, str]]) -> None:
        """Give a field its choices; without any, there is nothing to filter."""
        if choices:
            self.fields[name].choices = [("", everything), *choices]  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def wanted(self) -> MotifFilter:
        """Return what can be read of the form."""
        self.is_valid()
        return MotifFilter(**{name: self.cleaned_data.get(name) or "" for name in self.fields})
