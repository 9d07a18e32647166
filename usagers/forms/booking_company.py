"""Who the RDV is for, where, and what helps them: questions that two forms ask (A07, A13)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rdv.common.forms import DateInput, DsfrForm, PhoneField
from usagers.services.booking_draft_save import Company
from usagers.services.proche_edit import ProcheFields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usagers.models import Usager

MYSELF = "self"
OTHER = "other"
NAME_LENGTH = 80


@dataclass(frozen=True)
class Asked:
    """What a rendez-vous asks of who books it. `needs`: the choices of its question, or none."""

    persons: int = 1
    proches: Sequence[Usager] = ()
    phone: bool = False
    address: bool = False
    needs: Sequence[tuple[str, Any]] = ()
    offers_phone: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether one button is enough: one person, known, without relatives."""
        return self == Asked()


class _NameInput(forms.TextInput):
    def use_required_attribute(self, initial: Any) -> bool:  # noqa: ARG002
        return False


class _NameField(forms.CharField):
    """Called for by another answer: never said to be optional, checked by the form."""

    def validate(self, value: Any) -> None:
        """Leave it to the form."""


def _name(label: str) -> forms.CharField:
    return _NameField(
        label=label,
        max_length=NAME_LENGTH,
        widget=_NameInput({"autocomplete": "off", "spellcheck": "false"}),
    )


def _birth_date() -> forms.DateField:
    return forms.DateField(
        label=_("Sa date de naissance"),
        required=False,
        widget=DateInput(),
        error_messages={"invalid": _("Cette date n’existe pas. Exemple : 02/05/2019")},
    )


class _WhoField(forms.ChoiceField):
    """Oneself is the answer that stands: the radio is checked from the start."""

    def clean(self, value: Any) -> Any:
        return super().clean(value or MYSELF)


class _WhoComesField(forms.MultipleChoiceField):
    """Nobody of these may come: names are then written. The form counts."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class BookingCompanyForm(DsfrForm):
    """Asks only what `asked` says. One person: oneself or not; several: who, and other names."""

    def __init__(self, *args: Any, asked: Asked, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        self._ask_phone()
        if asked.address:
            self.fields["address"] = forms.CharField(
                label=_("Adresse où le service vient"),
                help_text=_("Numéro, rue, code postal et commune."),
                max_length=250,
                widget=forms.TextInput({"autocomplete": "street-address"}),
                error_messages={"required": _("Écrivez l’adresse où le service doit venir.")},
            )
        self._ask_who()
        if asked.needs:
            self.fields["needs"] = forms.MultipleChoiceField(
                label=_("De quoi avez-vous besoin pour ce rendez-vous ?"),
                choices=list(asked.needs),
                required=False,
                widget=forms.CheckboxSelectMultiple(),
            )
            self.fields["needs_details"] = forms.CharField(
                label=_("Précision"),
                help_text=_("Exemple : la langue de l’interprète."),
                max_length=100,
                required=False,
            )

    def _ask_phone(self) -> None:
        asks = self.asked.phone or self.asked.offers_phone
        if asks and "phone_number" not in self.fields:
            self.fields["phone_number"] = PhoneField(
                label=_("Téléphone"),
                required=False,
                help_text=_("Avec un numéro de mobile, vous recevez aussi un SMS."),
            )
        if self.asked.phone:
            phone = self.fields["phone_number"]
            phone.label = _("Téléphone")
            phone.required = True
            phone.error_messages["required"] = _("Écrivez le numéro à appeler.")
            phone.help_text = _("Le service vous appellera à ce numéro. Exemple : 06 39 98 12 34")

    def _ask_who(self) -> None:
        people = [(str(proche.uuid), proche.full_name) for proche in self.asked.proches]
        if self.asked.persons == 1:
            self.fields["who"] = _WhoField(
                label=_("Pour qui est ce rendez-vous ?"),
                choices=[(MYSELF, _("Pour moi")), *people, (OTHER, _("Pour une autre personne"))],
                initial=MYSELF,
                widget=forms.RadioSelect(),
            )
        else:
            self.fields["who"] = _WhoComesField(
                label=_("Qui vient ?"),
                choices=[(MYSELF, _("Moi")), *people],
                initial=[MYSELF],
                widget=forms.CheckboxSelectMultiple(),
            )
        for number in range(self.asked.persons):
            self.fields[f"other_{number}_last_name"] = _name(_("Son nom"))
            self.fields[f"other_{number}_first_name"] = _name(_("Son prénom"))
            if self.asked.persons == 1:
                self.fields[f"other_{number}_birth_date"] = _birth_date()

    @property
    def others(self) -> list[list[forms.BoundField]]:
        """Return the fields of each other person, for the page."""
        return [
            [field for field in self if field.name.startswith(f"other_{number}_")]
            for number in range(self.asked.persons)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        who = data.get("who")
        if self.asked.persons == 1 and who != OTHER:
            return data
        for number in range(self.asked.persons):
            self._check_other(number, is_needed=self.asked.persons == 1)
        if self.asked.persons > 1 and not self.errors:
            total = len(who or ()) + len(self._others())
            if total != self.asked.persons:
                self.add_error(
                    "who",
                    _(
                        "Vous avez indiqué %(persons)s personnes. Cochez-les ou écrivez leur nom : "
                        "il y en a %(total)s pour le moment."
                    )
                    % {"persons": self.asked.persons, "total": total},
                )
        return data

    def _check_other(self, number: int, *, is_needed: bool) -> None:
        first, last = f"other_{number}_first_name", f"other_{number}_last_name"
        typed = self.cleaned_data
        if not is_needed and not typed.get(first) and not typed.get(last):
            return
        if not typed.get(last):
            self.add_error(last, _("Écrivez le nom de la personne."))
        if not typed.get(first):
            self.add_error(first, _("Écrivez le prénom de la personne."))

    def _others(self) -> list[ProcheFields]:
        data = self.cleaned_data
        return [
            ProcheFields(
                data[f"other_{number}_first_name"],
                data[f"other_{number}_last_name"],
                data.get(f"other_{number}_birth_date"),
            )
            for number in range(self.asked.persons)
            if data.get(f"other_{number}_first_name")
        ]

    def company(self) -> Company:
        """Return who comes, once the form is valid."""
        data = self.cleaned_data
        chosen = [data["who"]] if self.asked.persons == 1 else data["who"]
        typed = self.asked.persons > 1 or OTHER in chosen
        return Company(
            is_for_self=MYSELF in chosen,
            proche_ids=tuple(row.pk for row in self.asked.proches if str(row.uuid) in chosen),
            others=tuple(self._others()) if typed else (),
            address=data.get("address", ""),
            needs=tuple(data.get("needs", ())),
            needs_details=data.get("needs_details", ""),
        )


def company_initial(company: Company, *, persons: int) -> dict[str, Any]:
    """Return what the form shows of what a draft remembers."""
    known: dict[str, Any] = {
        "address": company.address,
        "needs": list(company.needs),
        "needs_details": company.needs_details,
    }
    myself = [MYSELF] if company.is_for_self else []
    known["who"] = myself if persons > 1 else (MYSELF if company.is_for_self else OTHER)
    for number, person in enumerate(company.others[:persons]):
        known[f"other_{number}_first_name"] = person.first_name
        known[f"other_{number}_last_name"] = person.last_name
        known[f"other_{number}_birth_date"] = person.birth_date
    return known


class ProcheForm(DsfrForm):
    """A relative's name, corrected on the spot (A07)."""

    last_name = forms.CharField(
        label=gettext_lazy("Nom"),
        max_length=NAME_LENGTH,
        error_messages={"required": gettext_lazy("Écrivez le nom de la personne.")},
    )
    first_name = forms.CharField(
        label=gettext_lazy("Prénom"),
        max_length=NAME_LENGTH,
        error_messages={"required": gettext_lazy("Écrivez le prénom de la personne.")},
    )
    birth_date = forms.DateField(
        label=gettext_lazy("Date de naissance"), required=False, widget=DateInput()
    )
