"""Where somebody lives whom an agent sends elsewhere (B04, G15)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.addresses import LONGEST
from usagers.forms.booking_address import (
    AddressForms,
    BookingAddressForm,
    CandidateForm,
    CommuneForm,
)


class PersonAddressForm(BookingAddressForm):
    """The public's question, with the words of an agent."""

    address = forms.CharField(
        label=_("Adresse de la personne"),
        max_length=LONGEST,
        help_text=_("Numéro, rue et commune. Exemple : 12 rue de la Paix, Arras"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Écrivez l’adresse de la personne.")},
    )


class PersonCandidateForm(CandidateForm):
    candidate = forms.ChoiceField(
        label=_("Laquelle est la bonne ?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez une adresse."),
            "invalid_choice": _("Choisissez une adresse."),
        },
    )


class PersonCommuneForm(CommuneForm):
    commune = forms.ChoiceField(
        label=_("Commune de la personne"),
        error_messages={
            "required": _("Choisissez une commune."),
            "invalid_choice": _("Choisissez une commune."),
        },
    )


OF_SOMEBODY = AddressForms(
    PersonAddressForm,
    PersonCandidateForm,
    PersonCommuneForm,
    _("Cette adresse n’est pas trouvée. Corrigez-la, ou choisissez la commune plus bas."),
)
