"""Which settings of several motifs to change, and to what (G07)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.models import Service
from motifs.forms.motif_edit import OTHER_COLOR, MotifForm, motif_initial
from motifs.queries.motif_bulk import LABELS
from rdv.common.forms import DsfrForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from django.http import QueryDict

    from motifs.models import Motif, MotifCategory

_GROUPS = (
    (
        _("Général"),
        (
            "location_type",
            "duration_minutes",
            "max_persons",
            "pause_minutes",
            "color",
            "for_secretariat",
            "is_follow_up",
            "category_id",
        ),
    ),
    (
        _("Réservation en ligne"),
        (
            "booking_level",
            "min_delay_minutes",
            "max_delay_minutes",
            "is_cancellable_by_usager",
            "is_movable_by_usager",
            "limits_household",
            "asks_needs",
            "has_waiting_list",
            "sectorisation_level",
        ),
    ),
    (
        _("Notifications et instructions"),
        ("visibility", "restriction", "instructions", "cancel_warning"),
    ),
)
# The fields of a setting whose name is not its own.
_FIELDS = {"color": ("color_choice", "color_other"), "category_id": ("category",)}


@dataclass(frozen=True)
class SettingRow:
    """One setting of the page: its box to tick, then its fields."""

    column: str
    label: str
    is_ticked: bool
    fields: list[forms.BoundField]

    @property
    def box_id(self) -> str:
        return f"change-{self.column}"


class MotifBulkForm(MotifForm):
    """The settings that are ticked (`change`) are read, and no other."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        motifs: Sequence[Motif],
        categories: QuerySet[MotifCategory],
        has_sectors: bool = False,
    ) -> None:
        super().__init__(
            data,
            initial=motif_initial(motifs[0]),
            services=Service.objects.none(),
            categories=categories,
            has_sectors=has_sectors,
            motif=motifs[0],
        )
        self._kept_color = ""  # of one motif: the others do not have it
        if has_sectors:
            self.fields["sectorisation_level"].required = True
        for name in ("name", "service", "is_collective"):
            del self.fields[name]
        ticked = data.getlist("change") if data is not None else []
        self.changed_columns = [
            column for column in LABELS if column in ticked and self._names(column)
        ]

    def _names(self, column: str) -> list[str]:
        return [name for name in _FIELDS.get(column, (column,)) if name in self.fields]

    def clean(self) -> dict[str, Any]:
        wanted = {name for column in self.changed_columns for name in self._names(column)}
        self.cleaned_data = {
            name: value for name, value in self.cleaned_data.items() if name in wanted
        }
        for name in set(self.errors) - wanted:
            del self.errors[name]
        data = super().clean()
        if not self.changed_columns:
            self.add_error(None, _("Cochez au moins un réglage à changer."))
        return data

    def wanted(self) -> dict[str, Any]:
        """Return the columns to write, once the form is valid."""
        data = dict(self.cleaned_data)
        found: dict[str, Any] = {}
        for column in self.changed_columns:
            if column == "color":
                other = data["color_choice"] == OTHER_COLOR
                found[column] = data["color_other"] if other else data["color_choice"]
            elif column == "category_id":
                found[column] = data["category"].pk if data["category"] else None
            else:
                found[column] = data[column]
        return found

    def groups(self) -> list[tuple[Any, list[SettingRow]]]:
        """Return the page: titles, each with the settings that may be changed."""
        return [
            (title, [self._row(column) for column in columns if self._names(column)])
            for title, columns in _GROUPS
        ]

    def _row(self, column: str) -> SettingRow:
        return SettingRow(
            column,
            str(LABELS[column]),
            column in self.changed_columns,
            [self[name] for name in self._names(column)],
        )


class MotifBulkConfirmForm(DsfrForm):
    """What the preview hands over to the confirmation."""

    uuid = forms.UUIDField(widget=forms.HiddenInput())
    digest = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput())
