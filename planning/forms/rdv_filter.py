"""The filter of the RDVs as a GET form: page, print and exports read the same query string (E08).

An export keeps the query string of the list and reads it again here, with the choices of whoever
asked: nothing that names a person stands in it, an usager is their uuid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Organisation
from motifs.models import Availability, Lieu, Motif
from planning.queries.rdv_filter import RdvFilter
from planning.queries.rdv_status import status_choices
from rdv.common.forms import DateInput, DsfrForm
from rdv.common.french import day_text

if TYPE_CHECKING:
    from datetime import date

    from django.http import QueryDict

    from planning.queries.rdv_filter_choices import FilterChoices


class _Several(forms.ModelMultipleChoiceField):
    """Boxes named by uuid; `with_organisation` says where a row is from."""

    with_organisation = False

    def __init__(self, queryset: Any, **kwargs: Any) -> None:
        kwargs.setdefault("to_field_name", "uuid")
        super().__init__(queryset, required=False, widget=forms.CheckboxSelectMultiple(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        label = str(obj)
        if isinstance(obj, Motif) and obj.archived_at:
            label = _("%(name)s (archivé)") % {"name": label}
        if isinstance(obj, Lieu) and obj.availability == Availability.CLOSED:
            label = _("%(name)s (fermé)") % {"name": label}
        if self.with_organisation and not isinstance(obj, Organisation | Agent):
            label = f"{label} – {obj.organisation.name}"
        return label


class RdvFilterForm(DsfrForm):
    """Without `debut` in the URL the list begins today; `debut=` empty asks for the past too."""

    debut = forms.DateField(label=_("Du"), required=False, widget=DateInput())
    fin = forms.DateField(label=_("Au"), required=False, widget=DateInput())
    org = _Several(Organisation.objects.none(), label=_("Organisations"))
    agents = _Several(Agent.objects.none(), label=_("Agents"))
    motifs = _Several(Motif.objects.none(), label=_("Motifs"))
    lieux = _Several(Lieu.objects.none(), label=_("Lieux"))
    statut = forms.MultipleChoiceField(
        label=_("Statuts"), required=False, widget=forms.CheckboxSelectMultiple()
    )
    usager = forms.UUIDField(required=False, widget=forms.HiddenInput())

    def __init__(self, given: QueryDict, *, choices: FilterChoices, today: date) -> None:
        data = given.copy()
        if "debut" not in given:
            data["debut"] = today.isoformat()
        super().__init__(data)
        self._given = data
        self.chosen = choices.chosen
        rows = {
            "org": choices.organisations,
            "agents": choices.agents,
            "motifs": choices.motifs,
            "lieux": choices.lieux,
        }
        for name, queryset in rows.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]
            self.fields[name].with_organisation = len(choices.chosen) > 1  # type: ignore[attr-defined]
        self.fields["statut"].choices = status_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("debut"), data.get("fin")
        if first and last and last < first:
            self.add_error("fin", _("La fin de la période est avant son début."))
        return data

    @property
    def usager_uuid(self) -> UUID | None:
        """Return whose RDVs are asked for, whatever the rest of the form is worth."""
        try:
            return UUID(self._given.get("usager", ""))
        except ValueError:
            return None

    def menus(self) -> list[tuple[forms.BoundField, int]]:
        """Return the groups of boxes and how many are ticked; a group of one is left out."""
        names = ["agents", "motifs", "lieux", "statut"]
        if len(self.fields["org"].choices) > 1:  # type: ignore[attr-defined]
            names.append("org")
        return [(self[name], len(self._given.getlist(name))) for name in names]

    def words(self) -> list[tuple[str, str]]:
        """Return what a valid form keeps, as label and words; a field left empty is left out."""
        days = (self.cleaned_data["debut"], self.cleaned_data["fin"])
        found = [
            (str(self[name].label), day_text(day))
            for name, day in zip(("debut", "fin"), days, strict=True)
            if day
        ]
        labels = dict(status_choices())
        for name in ("agents", "motifs", "lieux"):
            rows = ", ".join(str(row) for row in self.cleaned_data[name])
            found += [(str(self[name].label), rows)] if rows else []
        states = ", ".join(str(labels[key]) for key in self.cleaned_data["statut"])
        return [*found, (str(self["statut"].label), states)] if states else found

    def wanted(self, *, usager_id: int | None = None) -> RdvFilter:
        """Return the filter of a valid form."""

        def keys(name: str) -> frozenset[int] | None:
            return frozenset(row.pk for row in self.cleaned_data[name]) or None

        return RdvFilter(
            organisations=self.chosen,
            first_day=self.cleaned_data["debut"],
            last_day=self.cleaned_data["fin"],
            agent_ids=keys("agents"),
            motif_ids=keys("motifs"),
            lieu_ids=keys("lieux"),
            states=frozenset(self.cleaned_data["statut"]) or None,
            usager_id=usager_id,
        )
