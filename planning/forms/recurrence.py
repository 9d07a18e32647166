"""The fields « when » and « Répéter », shared by plages and indisponibilités."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from planning.models import Frequency
from planning.models.recurrence import FIRST_POSSIBLE_DAY
from planning.rules.recurrence_words import DAYS, RANKS, rank_in_month
from planning.slots.recurrence import days_between
from planning.slots.types import Frequency as RuleFrequency
from planning.slots.types import Recurrence
from rdv.common.forms import DateInput, DsfrForm, TimeInput

if TYPE_CHECKING:
    from planning.models import Recurring

FARTHEST = timedelta(days=5 * 366)
MAX_INTERVAL = 52


class RecurrenceForm(DsfrForm):
    """Base of the two forms. `today` is that of the territoire."""

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

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.farthest = today + FARTHEST

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


def recurrence_initial(row: Recurring) -> dict[str, Any]:
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
    }
