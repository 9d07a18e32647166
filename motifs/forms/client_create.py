from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.models import OrganisationKind
from agents.models.territoire import Kind
from rdv.common.forms import DsfrForm, PhoneField
from rdv.common.timezones import HolidayZone, Zone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agents.models import Service


class ClientForm(DsfrForm):
    """Everything of a new client; names are those of ClientFields."""

    territoire_name = forms.CharField(label=_("Nom du territoire"), max_length=120)
    territoire_kind = forms.ChoiceField(
        label=_("Genre de territoire"),
        choices=lambda: [(value, label.capitalize()) for value, label in Kind.choices],
        widget=forms.RadioSelect(),
    )
    departement_number = forms.RegexField(
        r"^([0-9]{2,3}|2[AB])$",
        label=_("Numéro de département"),
        help_text=_("Exemple : 02, 2A, 974."),
        required=False,
        error_messages={"invalid": _("Un numéro a 2 ou 3 chiffres, ou 2A, 2B.")},
    )
    timezone = forms.ChoiceField(
        label=_("Fuseau horaire"), choices=Zone.choices, initial=Zone.PARIS
    )
    holiday_zone = forms.ChoiceField(
        label=_("Jours fériés"), choices=HolidayZone.choices, initial=HolidayZone.METROPOLE
    )
    organisation_name = forms.CharField(label=_("Nom de la première organisation"), max_length=120)
    organisation_kind = forms.ChoiceField(
        label=_("Genre d’organisation"), choices=OrganisationKind.choices
    )
    phone_number = PhoneField(
        label=_("Téléphone donné aux usagers"),
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
    )
    lieu_address = forms.CharField(
        label=_("Adresse du premier lieu"),
        help_text=_("Exemple : 2 place de l’Hôtel de Ville, 02000 Laon."),
        max_length=250,
        required=False,
    )
    services = forms.MultipleChoiceField(
        label=_("Services activés"),
        widget=forms.CheckboxSelectMultiple(),
        required=False,
        error_messages={"invalid_choice": _("Choisissez des services de la liste.")},
    )
    takes_pack = forms.BooleanField(
        label=_("Ajouter les motifs tout prêts de ce genre d’organisation"),
        help_text=_("Avec leurs services. Réservés aux agents tant que personne ne les ouvre."),
        required=False,
        initial=True,
    )
    first_name = forms.CharField(
        label=_("Prénom du premier administrateur"), max_length=80, required=False
    )
    last_name = forms.CharField(
        label=_("Nom du premier administrateur"), max_length=80, required=False
    )
    email = forms.EmailField(
        label=_("Adresse e-mail du premier administrateur"),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, services: Iterable[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["services"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(service.code, service.name) for service in services]
