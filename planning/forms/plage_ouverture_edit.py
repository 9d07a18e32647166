"""Form of a plage d'ouverture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motifs.models import Lieu, Motif
from planning.forms.recurrence import RecurrenceForm

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.forms.boundfield import BoundWidget


class MotifCheckboxes(forms.CheckboxSelectMultiple):
    """Marks the boxes of the motifs that need a lieu, for static/js/show-when.js."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value.instance.requires_lieu:
            option["attrs"]["data-requires-lieu"] = ""
        return option


@dataclass(frozen=True)
class MotifBox:
    widget: BoundWidget
    motif: Motif


class PlageOuvertureForm(RecurrenceForm):
    """`motifs` and `lieux` come from the policies: a foreign id is refused."""

    title = forms.CharField(
        label=_("Nom de la plage"),
        help_text=_("Pour vous y retrouver ; les usagers ne le voient pas."),
        max_length=120,
        required=False,
    )
    motifs = forms.ModelMultipleChoiceField(
        Motif.objects.none(),
        label=_("Motifs"),
        widget=MotifCheckboxes(),
        error_messages={"required": _("Cochez au moins un motif.")},
    )
    lieu = forms.ModelChoiceField(
        Lieu.objects.none(),
        label=_("Lieu"),
        help_text=_("Obligatoire dès qu’un motif sur place est coché."),
        required=False,
        empty_label=_("Choisissez un lieu"),
    )
    opens_on_holidays = forms.BooleanField(
        label=_("Ouverte aussi les jours fériés"), required=False
    )
    max_rdvs_per_day = forms.IntegerField(
        label=_("RDV par jour, au plus"),
        help_text=_("Au-delà, plus aucun créneau de la plage n’est proposé ce jour-là."),
        required=False,
        min_value=1,
        max_value=500,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )

    def __init__(
        self, *args: Any, motifs: QuerySet[Motif], lieux: QuerySet[Lieu], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motifs"].queryset = motifs  # type: ignore[attr-defined]
        self.fields["lieu"].queryset = lieux  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        start, end = data.get("start_time"), data.get("end_time")
        if start and end and end <= start:
            self.add_error("end_time", _("L’heure de fin est après l’heure de début."))
        chosen = data.get("motifs")
        if chosen is not None and "lieu" not in self.errors:
            if not any(motif.requires_lieu for motif in chosen):
                data["lieu"] = None
            elif not data.get("lieu"):
                self.add_error("lieu", _("Choisissez un lieu : un motif coché est sur place."))
        return data

    def motif_groups(self) -> list[tuple[str, list[MotifBox]]]:
        """Return the boxes by service, in order of the names."""
        groups: dict[str, list[MotifBox]] = {}
        for widget in self["motifs"]:
            motif = widget.data["value"].instance
            groups.setdefault(motif.service.name, []).append(MotifBox(widget, motif))
        return sorted(groups.items())
