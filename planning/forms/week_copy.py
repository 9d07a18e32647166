"""Form of the copy of a colleague's week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from planning.forms.recurrence import FARTHEST
from planning.models.recurrence import FIRST_POSSIBLE_DAY
from rdv.common.forms import DateInput, DsfrForm

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

MOST_TARGETS = 30


class WeekCopyForm(DsfrForm):
    """`plan` is the digest of what was shown. `sources` and `targets` come from the policies."""

    source = forms.ModelChoiceField(
        Agent.objects.none(),
        label=_("Semaine de quel agent ?"),
        to_field_name="uuid",
        empty_label=_("Choisissez un agent"),
    )
    week = forms.DateField(
        label=_("Semaine à copier"),
        help_text=_("N’importe quel jour de cette semaine."),
        widget=DateInput(),
    )
    targets = forms.ModelMultipleChoiceField(
        Agent.objects.none(),
        label=_("Copier pour"),
        to_field_name="uuid",
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"required": _("Cochez au moins un agent.")},
    )
    start = forms.DateField(label=_("À partir du"), widget=DateInput())
    repeats = forms.ChoiceField(
        label=_("Combien de fois ?"),
        choices=[
            ("once", _("Une seule fois, la semaine de ce jour")),
            ("weekly", _("Toutes les semaines à partir de ce jour")),
        ],
        widget=forms.RadioSelect(),
    )
    until = forms.DateField(
        label=_("Répéter jusqu’au"),
        help_text=_("Ce jour compris. Laissez vide pour une répétition sans fin."),
        required=False,
        widget=DateInput(),
    )

    def __init__(
        self,
        *args: Any,
        today: date,
        sources: QuerySet[Agent],
        targets: QuerySet[Agent],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.farthest = today + FARTHEST
        self.fields["source"].queryset = sources  # type: ignore[attr-defined]
        self.fields["targets"].queryset = targets  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("repeats") == "once":
            self.errors.pop("until", None)
            data["until"] = None
        for name in ("week", "start", "until"):
            day = data.get(name)
            if day and not FIRST_POSSIBLE_DAY <= day <= self.farthest:
                self.add_error(name, _("Choisissez un jour entre 2018 et dans cinq ans."))
        start, until = data.get("start"), data.get("until")
        if start and until and until < start:
            self.add_error("until", _("La répétition finit après le premier jour."))
        if len(data.get("targets") or ()) > MOST_TARGETS:
            self.add_error("targets", _("Cochez 30 agents au plus."))
        return data
