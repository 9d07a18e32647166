"""The fields « when » and « Répéter », shared by plages and indisponibilités."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from planning.models import Frequency
from planning.models.recurrence import FIRST_POSSIBLE_DAY
from planning.rules.recurrence_words import DAYS, RANKS, rank_in_month
from planning.slots.recurrence import days_between
from planning.slots.types import Frequency as RuleFrequency
from planning.slots.types import Recurrence
from rdv.common.forms import DateInput, DsfrForm, TimeInput

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from planning.models import Indisponibilite, PlageOuverture

FARTHEST = timedelta(days=5 * 366)
MAX_INTERVAL = 52


class VersionedForm(DsfrForm):
    """`version`: the `ics_sequence` that the person saw; a newer one is not overwritten unseen."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def show_newer(self, version: int) -> None:
        """Let the next save replace the change that is now shown."""
        self.answer("version", str(version))

    def answer(self, name: str, value: str) -> None:
        """Change what the page will send back."""
        data: Any = self.data
        data = data.copy()
        data[name] = value
        self.data = data


class WarnedForm(VersionedForm):
    """`accepted`: the warnings that the person chose to go over, as a digest."""

    accepted = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: list[str] = []

    def accepts(self, warnings: list[str]) -> bool:
        """Say whether these very warnings were shown and accepted; else the page shows them."""
        digest = hashlib.sha256("\n".join(warnings).encode()).hexdigest()
        if not warnings or self.cleaned_data["accepted"] == digest:
            return True
        self.warnings = warnings
        self.answer("accepted", digest)
        return False


class RecurrenceForm(WarnedForm):
    """Base of the two forms. `today` is that of the territoire.

    `colleagues`: who else receives what is being created (E14); None when nothing is created.
    """

    first_day = forms.DateField(label=_("Premier jour"), widget=DateInput())
    start_time = forms.TimeField(label=_("Heure de début"), widget=TimeInput())
    end_time = forms.TimeField(label=_("Heure de fin"), widget=TimeInput())
    frequency = forms.ChoiceField(
        label=_("Répéter"), choices=Frequency.choices, widget=forms.RadioSelect()
    )
    interval = forms.IntegerField(
        label=_("Toutes les combien de semaines ou de mois ?"),
        help_text=_("1 : chaque semaine ou chaque mois. 2 : une fois sur deux."),
        min_value=1,
        max_value=MAX_INTERVAL,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Jours de la semaine"),
        help_text=_("Si aucun n’est coché : le jour de la semaine du premier jour."),
        choices=[(number, name.capitalize()) for number, name in enumerate(DAYS)],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )
    month_rank = forms.TypedChoiceField(
        label=_("Quelle semaine du mois ?"),
        help_text=_("Le jour de la semaine est celui du premier jour."),
        choices=[
            ("", _("La même que le premier jour")),
            *[(rank, word.capitalize()) for rank, word in RANKS.items()],
        ],
        coerce=int,
        empty_value=None,
        required=False,
    )
    recurrence_ends_on = forms.DateField(
        label=_("Répéter jusqu’au"),
        help_text=_("Ce jour compris. Laissez vide pour une répétition sans fin."),
        required=False,
        widget=DateInput(),
    )

    colleagues = forms.ModelMultipleChoiceField(
        Agent.objects.none(),
        label=_("Créer aussi pour ces collègues"),
        help_text=_("Les mêmes horaires dans l’agenda de chacun : pour tous, ou pour personne."),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )

    def __init__(
        self, *args: Any, today: date, colleagues: QuerySet[Agent] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.farthest = today + FARTHEST
        if colleagues is None or not colleagues.exists():
            del self.fields["colleagues"]
        else:
            self.fields["colleagues"].queryset = colleagues  # type: ignore[attr-defined]

    def clean_first_day(self) -> date:
        return self._possible(self.cleaned_data["first_day"])

    def clean_recurrence_ends_on(self) -> date | None:
        day = self.cleaned_data["recurrence_ends_on"]
        return self._possible(day) if day else None

    def _possible(self, day: date) -> date:
        if not FIRST_POSSIBLE_DAY <= day <= self.farthest:
            raise forms.ValidationError(
                _("Choisissez un jour entre 2018 et dans cinq ans."), code="impossible_day"
            )
        return day

    def clean(self) -> dict[str, Any]:
        """Fill what the frequency implies and empty what it ignores."""
        data = super().clean() or self.cleaned_data
        frequency, first_day = data.get("frequency"), data.get("first_day")
        repeats = frequency != Frequency.NONE
        data["interval"] = (data.get("interval") or 1) if repeats else 1
        if frequency != Frequency.WEEKLY:
            data["weekdays"] = []
        elif first_day and not data.get("weekdays"):
            data["weekdays"] = [first_day.weekday()]
        data["weekdays"] = sorted(data.get("weekdays") or [])
        if frequency != Frequency.MONTHLY_WEEKDAY:
            data["month_rank"] = None
        elif first_day and not data.get("month_rank"):
            data["month_rank"] = rank_in_month(first_day)
        if not repeats:
            data["recurrence_ends_on"] = None
            self._forgive("interval", "weekdays", "month_rank", "recurrence_ends_on")
        if not self.errors and repeats:
            self._check_end(data)
        return data

    def _forgive(self, *names: str) -> None:
        """Drop the errors of fields that the chosen frequency ignores (they are not shown)."""
        for name in names:
            self.errors.pop(name, None)

    def _check_end(self, data: dict[str, Any]) -> None:
        ends_on = data["recurrence_ends_on"]
        if ends_on and ends_on < data["first_day"]:
            self.add_error("recurrence_ends_on", _("La répétition finit après le premier jour."))
            return
        rule = Recurrence(
            first_day=data["first_day"],
            frequency=RuleFrequency(data["frequency"]),
            interval=data["interval"],
            weekdays=frozenset(data["weekdays"]),
            rank=data["month_rank"],
            until=ends_on,
        )
        if not days_between(rule, rule.first_day, ends_on or self.farthest):
            self.add_error(
                "recurrence_ends_on" if ends_on else "frequency",
                _("Cette répétition ne tombe aucun jour : changez les jours ou la date de fin."),
            )

    def recurrence(self) -> dict[str, Any]:
        """Return the columns of a recurrence, once the form is valid."""
        names = ("first_day", "start_time", "end_time", "frequency", "interval", "weekdays")
        return {
            name: self.cleaned_data[name] for name in (*names, "month_rank", "recurrence_ends_on")
        }


def recurrence_initial(row: PlageOuverture | Indisponibilite) -> dict[str, Any]:
    """Return what the form shows of an existing rule."""
    return {
        "first_day": row.first_day,
        "start_time": row.start_time,
        "end_time": row.end_time,
        "frequency": row.frequency,
        "interval": row.interval,
        "weekdays": row.weekdays,
        "month_rank": row.month_rank or "",
        "recurrence_ends_on": row.recurrence_ends_on,
        "version": row.ics_sequence,
    }


def copy_initial(initial: dict[str, Any], today: date) -> dict[str, Any]:
    """Return what « Dupliquer » fills: the same rule, from today on when it began earlier."""
    ends_on = initial["recurrence_ends_on"]
    copied = {**initial, "version": None}
    if ends_on and ends_on < today:
        copied["recurrence_ends_on"] = None
    by_month = initial["frequency"] in (Frequency.MONTHLY_WEEKDAY, Frequency.MONTHLY_DAY)
    if initial["first_day"] < today and not by_month:
        shift = today - initial["first_day"]
        copied["first_day"] = today
        if "end_day" in initial:
            copied["end_day"] = initial["end_day"] + shift
    return copied
