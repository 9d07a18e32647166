"""Forms of the workshops: the list's filter, and the workshop itself (E07)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from motifs.models import Lieu, Motif
from rdv.common.forms import DateInput, DsfrForm, TimeInput

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo

    from django.db.models import QuerySet
    from django.http import QueryDict

MAX_SEATS = 10_000


class WorkshopFilterForm(DsfrForm):
    """A GET form; without `debut` the list begins today."""

    debut = forms.DateField(label=_("À partir du"), required=False, widget=DateInput())
    motif = forms.ModelChoiceField(
        Motif.objects.none(),
        label=_("Motif"),
        required=False,
        to_field_name="uuid",
        empty_label=_("Tous"),
    )
    places = forms.BooleanField(label=_("Seulement avec des places"), required=False)

    def __init__(self, given: QueryDict, *, motifs: QuerySet[Motif], today: date) -> None:
        data = given.copy()
        if "debut" not in given:
            data["debut"] = today.isoformat()
        super().__init__(data)
        self.fields["motif"].queryset = motifs  # type: ignore[attr-defined]


class WorkshopForm(DsfrForm):
    """Choices come from the policies. `motif` is frozen once the workshop exists."""

    motif = forms.ModelChoiceField(
        Motif.objects.none(),
        label=_("Motif"),
        to_field_name="uuid",
        empty_label=_("Choisissez un motif"),
    )
    title = forms.CharField(
        label=_("Intitulé"),
        help_text=_("Les usagers le lisent. Par exemple : « Atelier CV »."),
        max_length=120,
        required=False,
    )
    day = forms.DateField(label=_("Jour"), widget=DateInput())
    start = forms.TimeField(label=_("Début"), widget=TimeInput())
    duration = forms.IntegerField(
        label=_("Durée en minutes"), min_value=1, max_value=1440, widget=forms.NumberInput()
    )
    seats_total = forms.IntegerField(
        label=_("Nombre de places"),
        help_text=_("Laissez vide s’il n’y a pas de limite."),
        required=False,
        min_value=1,
        max_value=MAX_SEATS,
    )
    agents = forms.ModelMultipleChoiceField(
        Agent.objects.none(),
        label=_("Agents"),
        to_field_name="uuid",
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"required": _("Cochez au moins un agent.")},
    )
    lieu = forms.ModelChoiceField(
        Lieu.objects.none(),
        label=_("Lieu"),
        to_field_name="uuid",
        required=False,
        empty_label=_("Un autre lieu, pour cette fois"),
    )
    lieu_name = forms.CharField(label=_("Nom du lieu"), max_length=120, required=False)
    lieu_address = forms.CharField(label=_("Adresse du lieu"), max_length=250, required=False)
    context = forms.CharField(
        label=_("Contexte"),
        help_text=_("Pour les agents seulement."),
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    notifies = forms.BooleanField(
        label=_("Prévenir les inscrits et les agents de ce qui change"), required=False
    )
    # What was shown and confirmed on purpose: shown again when it is no longer the same.
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(
        self,
        *args: Any,
        motifs: QuerySet[Motif],
        agents: QuerySet[Agent],
        lieux: QuerySet[Lieu],
        zone: ZoneInfo,
        shows_context: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        rows = {"motif": motifs, "agents": agents, "lieu": lieux}
        for name, queryset in rows.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]
        self._zone = zone
        if not shows_context:
            del self.fields["context"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("lieu") and "lieu" not in self.errors:
            for name, message in (
                ("lieu_name", _("Choisissez un lieu, ou nommez-en un autre.")),
                ("lieu_address", _("Indiquez l’adresse de ce lieu.")),
            ):
                if name not in self.errors and not data.get(name):
                    self.add_error(name, message)
        return data

    def hours(self) -> tuple[datetime, datetime]:
        """Return start and end in UTC: two hours last two hours, whatever the clocks do."""
        data = self.cleaned_data
        start = datetime.combine(data["day"], data["start"], self._zone).astimezone(UTC)
        return start, start + timedelta(minutes=data["duration"])

    def place(self) -> dict[str, Any]:
        """Return the lieu chosen, or the one-off place typed."""
        lieu = self.cleaned_data["lieu"]
        if lieu:
            return {"lieu_id": lieu.pk, "lieu_name": "", "lieu_address": ""}
        return {
            "lieu_id": None,
            "lieu_name": self.cleaned_data["lieu_name"],
            "lieu_address": self.cleaned_data["lieu_address"],
        }
