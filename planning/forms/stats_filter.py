"""The period and the filters of the statistics, as a GET form: what it says stands in the URL."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from planning.rules.stats import (
    DAY,
    MONTH,
    MOST_COLUMNS,
    MOST_YEARS,
    WEEK,
    columns,
    months_before,
    usual_step,
)
from rdv.common.forms import DateInput, DsfrForm

if TYPE_CHECKING:
    from django.http import QueryDict

    from planning.queries.stats_scope import StatsChoices

_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_DAYS_OF_A_YEAR = 366


class _One(forms.ModelChoiceField):
    """A list of names, the first of which is all of them; rows are named by uuid."""

    def __init__(self, queryset: Any, **kwargs: Any) -> None:
        kwargs.setdefault("to_field_name", "uuid")
        super().__init__(queryset, required=False, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Refuse what is no identifier in the words of what is no choice."""
        try:
            return super().to_python(value)
        except ValidationError as error:
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice"
            ) from error

    def label_from_instance(self, obj: Any) -> str:
        if getattr(obj, "archived_at", None):
            return _("%(name)s (archivé)") % {"name": obj}
        return str(obj)


_INVALID = {"invalid_choice": _("Ce choix n’existe pas, ou vous n’y avez pas accès.")}
_FIELDS = {
    "organisations": ("organisation", _("Organisation"), _("Toutes")),
    "motifs": ("motif", _("Motif"), _("Tous")),
    "services": ("service", _("Service"), _("Tous")),
    "agents": ("agent", _("Agent"), _("Tous")),
    "lieux": ("lieu", _("Lieu"), _("Tous")),
}


class StatsFilterForm(DsfrForm):
    """Without dates: the last twelve months, that of today included, and the next three."""

    debut = forms.DateField(label=_("Du"), required=False, widget=DateInput())
    fin = forms.DateField(label=_("Au"), required=False, widget=DateInput())
    pas = forms.ChoiceField(
        label=_("Évolution"),
        required=False,
        choices=[
            ("", _("Auto")),
            (DAY, _("Par jour")),
            (WEEK, _("Par semaine")),
            (MONTH, _("Par mois")),
        ],
    )

    def __init__(self, given: QueryDict, *, choices: StatsChoices, today: date) -> None:
        data = given.copy()
        first, last = usual_period(today)
        if not data.get("debut"):
            data["debut"] = first.isoformat()
        if not data.get("fin"):
            data["fin"] = last.isoformat()
        super().__init__(data)
        for rows, (name, label, everything) in _FIELDS.items():
            queryset = getattr(choices, rows)
            if queryset is not None:
                self.fields[name] = _One(
                    queryset,
                    label=label,
                    empty_label=everything,
                    error_messages=_INVALID,
                    **({"to_field_name": "code"} if name == "service" else {}),
                )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("debut"), data.get("fin")
        if not first or not last:
            return data
        if not _FIRST_YEAR <= first.year <= last.year <= _LAST_YEAR and first <= last:
            self.add_error("debut", _("Choisissez des dates entre 2000 et 2100."))
        elif last < first:
            self.add_error("fin", _("La fin de la période est avant son début."))
        elif (last - first).days > MOST_YEARS * _DAYS_OF_A_YEAR:
            self.add_error("fin", _("La période dure au plus cinq ans."))
        elif data.get("pas") and len(columns(first, last, data["pas"])) > MOST_COLUMNS:
            self.add_error("pas", _("La période est trop longue pour ce détail."))
        return data

    @property
    def step(self) -> str:
        """Return the width of a column: as asked, or what reads well."""
        data = self.cleaned_data
        return data["pas"] or usual_step(data["debut"], data["fin"])

    def menus(self) -> list[forms.BoundField]:
        """Return the lists that hold a choice to make."""
        known = [name for name, _label, _all in _FIELDS.values() if name in self.fields]
        return [self[name] for name in known if len(self.fields[name].choices) > 2]  # type: ignore[attr-defined]  # noqa: PLR2004


def usual_period(today: date) -> tuple[date, date]:
    return months_before(today, 11), months_before(today, -4) - timedelta(days=1)


def shortcuts(today: date) -> list[tuple[Any, date, date]]:
    """Return the periods that are one click away, each with its name."""
    month = months_before(today, 0)
    return [
        (_("Ce mois-ci"), month, months_before(today, -1) - timedelta(days=1)),
        (_("Mois dernier"), months_before(today, 1), month - timedelta(days=1)),
        (_("30 derniers jours"), today - timedelta(days=29), today),
        (_("Cette année"), date(today.year, 1, 1), date(today.year, 12, 31)),
        (_("L’an dernier"), date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    ]
