"""What can be booked in a plage and where: the fields shared by a plage and by one of its dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motifs.models import Lieu, Motif
from rdv.common.forms import DsfrForm

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


class PlagePlaceForm(DsfrForm):
    """`motifs` and `lieux` come from the policies: a foreign id is refused."""

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

    def __init__(
        self, *args: Any, motifs: QuerySet[Motif], lieux: QuerySet[Lieu], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motifs"].queryset = motifs  # type: ignore[attr-defined]
        self.fields["lieu"].queryset = lieux  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen = data.get("motifs")
        if chosen is not None and "lieu" not in self.errors:
            if not any(motif.requires_lieu for motif in chosen):
                data["lieu"] = None
            elif not data.get("lieu"):
                self.add_error("lieu", _("Choisissez un lieu : un motif coché est sur place."))
        return data

    def motif_ids(self) -> tuple[int, ...]:
        return tuple(motif.pk for motif in self.cleaned_data["motifs"])

    def lieu_id(self) -> int | None:
        lieu: Lieu | None = self.cleaned_data["lieu"]
        return lieu.pk if lieu else None

    def motif_groups(self) -> list[tuple[str, list[MotifBox]]]:
        """Return the boxes by service, in order of the names."""
        groups: dict[str, list[MotifBox]] = {}
        for widget in self["motifs"]:
            motif = widget.data["value"].instance
            groups.setdefault(motif.service.name, []).append(MotifBox(widget, motif))
        return sorted(groups.items())
