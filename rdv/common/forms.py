"""The base of every form: DSFR markup, hints and errors tied to their fields (RGAA 11)."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rdv.common.errors import DomainError
from rdv.common.phones import parse_phone
from rdv.common.public_pages import own_path

if TYPE_CHECKING:
    from collections.abc import Callable

_CHOICE_WIDGETS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


# Beyond, a week or a time zone away from a day may be no day at all (year 0, year 10000).
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def in_our_time(day: date) -> None:
    """Refuse a day that nobody means: a birth or a RDV lies in three centuries."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(_("Cette date n’est pas possible."), code="invalid")


# Tabulation and line ends aside.
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def readable(typed: object) -> None:
    """Refuse control characters: a spreadsheet, a calendar or a mail cannot hold them.

    The field itself refuses NUL. Some text fields clean to another type: an UUID, a JSON value.
    """
    if isinstance(typed, str) and _CONTROL.search(typed):
        raise ValidationError(_("Ce texte contient des signes illisibles."), code="invalid")


def readable_line(typed: object) -> None:
    """The same for one line: a line end in a name would cut the header of a mail."""
    readable(typed)
    if isinstance(typed, str) and ("\n" in typed or "\r" in typed):
        raise ValidationError(_("Ce texte contient des signes illisibles."), code="invalid")


def _refusal_of(field: forms.Field) -> Callable[[Any], None] | None:
    if isinstance(field, forms.DateField):
        return in_our_time
    if not isinstance(field, forms.CharField):
        return None
    several = isinstance(field.widget, forms.Textarea | forms.HiddenInput)
    return readable if several else readable_line


class DsfrField(forms.BoundField):
    """A field that names its hint and its error, so that a screen reader says both."""

    @property
    def template_name(self) -> str:
        widget = self.field.widget
        if isinstance(widget, _CHOICE_WIDGETS):
            return "components/_field_choices.html"
        if isinstance(widget, forms.CheckboxInput):
            return "components/_field_checkbox.html"
        return "components/_field.html"

    @property
    def hint_id(self) -> str:
        return f"{self.auto_id}_hint"

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}_error"

    @property
    def described_by(self) -> str:
        ids = [self.hint_id] if self.help_text else []
        return " ".join([*ids, self.error_id] if self.errors else ids)

    @property
    def input_type(self) -> str:
        """Return "radio" or "checkbox", for the groups of choices."""
        # Not isinstance: Django's CheckboxSelectMultiple is a RadioSelect.
        return self.field.widget.input_type

    def build_widget_attrs(self, attrs: Any, widget: Any = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        built.pop("aria-describedby", None)
        if not isinstance(widget, _CHOICE_WIDGETS):
            if self.described_by:
                built["aria-describedby"] = self.described_by
            if self.errors:
                built["aria-invalid"] = "true"
        css = self._css(widget)
        if css:
            built["class"] = f"{widget.attrs.get('class', '')} {css}".strip()
        return built

    def _css(self, widget: forms.Widget) -> str:
        error = " --error" if self.errors else ""
        if isinstance(widget, forms.Select):
            return f"fr-select{error.replace(' --', ' fr-select--')}"
        if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.HiddenInput):
            return ""
        return f"fr-input{error.replace(' --', ' fr-input--')}"


class DsfrForm(forms.Form):
    """Parses what was typed; knows no table, saves nothing (style: a form).

    `{{ form }}` prints the error summary and every field. A form with errors is answered with
    status 422.
    """

    template_name = "components/_form.html"
    bound_field_class = DsfrField
    required_css_class = ""

    def full_clean(self) -> None:
        """Refuse what nobody types, whatever field a form adds later."""
        for field in self.fields.values():
            refuse = _refusal_of(field)
            if refuse is not None and refuse not in field.validators:
                field.validators.append(refuse)
        super().full_clean()

    def error_list(self) -> list[tuple[str, str]]:
        """Return (id of the field or "", message) for the summary, in the order of the fields."""
        found = [("", str(message)) for message in self.non_field_errors()]
        for bound in self:
            for error in bound.errors:
                # A label may be a question or a sentence: « … ? : … » would read badly.
                label = str(bound.label).rstrip("?.: \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")
                line = gettext("%(label)s : %(value)s") % {"label": label, "value": error}
                found.append((self._first_id(bound), line))
        return found

    def add_refusal(self, refusal: DomainError) -> None:
        """Show the refusal of a service: beside its field when it names one of ours."""
        errors = getattr(refusal, "errors", None) or {"": [refusal.message]}
        for name, messages in errors.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)

    def saves(self, save: Callable[[], object]) -> bool:
        """Call `save` when what was typed is valid; say whether it was done.

        The refusal of the service is shown like an error of the form.
        """
        if not self.is_valid():
            return False
        try:
            save()
        except DomainError as refusal:
            self.add_refusal(refusal)
            return False
        return True

    @staticmethod
    def _first_id(bound: forms.BoundField) -> str:
        choices = isinstance(bound.field.widget, _CHOICE_WIDGETS)
        return f"{bound.auto_id}_0" if choices else bound.auto_id


class DateInput(forms.DateInput):
    """The browser's own date picker; its value is always ISO."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)


class OwnPathField(forms.CharField):
    """Where to go back to, as the page of the button said; "" for another site, or too long."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.HiddenInput(), required=False, **kwargs)

    def clean(self, value: Any) -> str:
        return own_path(super().clean(value))


class PhoneField(forms.CharField):
    """A French or foreign phone number; cleans to E.164 text ("" when left empty)."""

    default_error_messages = {
        "invalid": _("Ce numéro n’est pas valide. Exemple : 06 39 98 12 34."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}))
        super().__init__(max_length=30, **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        number = parse_phone(typed)
        if number is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return number
