from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import PhoneField
from usagers.forms.usager_edit import AddressField, UsagerForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from usagers.queries.usager_search import FoundUsager

ALONE, PROCHE = "responsable", "proche"
NEW = ("responsable_last_name", "responsable_first_name")


class UsagerCreateForm(UsagerForm):
    """A new fiche: of somebody responsible for themselves, or of a proche.

    A proche has a responsable among those found by `responsable_search`, or a new one whose names
    are typed in the same form. It is chosen once: the fiche of a proche stays one.
    """

    kind = forms.ChoiceField(
        label=_("Cette personne"),
        choices=[
            (ALONE, _("s’occupe elle-même de ses rendez-vous")),
            (PROCHE, _("est le proche de quelqu’un : son enfant, son parent…")),
        ],
        widget=forms.RadioSelect(),
        initial=ALONE,
    )
    responsable_search = forms.CharField(
        label=_("Chercher le responsable"),
        help_text=_("La personne qui reçoit les messages : nom, téléphone ou adresse e-mail."),
        max_length=120,
        required=False,
    )
    responsable = forms.ChoiceField(
        label=_("Responsable"), widget=forms.RadioSelect(), required=False
    )
    responsable_last_name = forms.CharField(label=_("Nom d’usage"), max_length=80, required=False)
    responsable_first_name = forms.CharField(label=_("Prénom"), max_length=80, required=False)
    responsable_phone_number = PhoneField(
        label=_("Téléphone"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    responsable_email = AddressField(label=_("Adresse e-mail"), required=False)

    def __init__(self, *args: Any, found: Iterable[FoundUsager] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["responsable"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(person.uuid), _line(person)) for person in found]

    @property
    def has_found(self) -> bool:
        field = self.fields["responsable"]
        assert isinstance(field, forms.ChoiceField)
        return bool(field.choices)

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("kind") != PROCHE or typed.get("responsable"):
            return typed
        if not any(typed.get(name) for name in NEW):
            self.add_error(
                "responsable_search",
                _now("Cherchez et choisissez le responsable, ou indiquez ses nom et prénom."),
            )
        for name in NEW:
            if any(typed.get(one) for one in NEW) and not typed.get(name):
                self.add_error(name, _now("Ce champ est obligatoire."))
        return typed


def _line(person: FoundUsager) -> str:
    return " · ".join(filter(None, (person.name, person.birth, person.phone, person.email)))
