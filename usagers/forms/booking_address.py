"""Where somebody lives: an address, one of those that look like it, or a commune (G15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.addresses import LONGEST
from rdv.common.forms import DsfrForm

if TYPE_CHECKING:
    from collections.abc import Sequence

ELSEWHERE = "autre"


class BookingAddressForm(DsfrForm):
    address = forms.CharField(
        label=_("Votre adresse"),
        max_length=LONGEST,
        help_text=_("Numéro, rue et commune. Exemple : 12 rue de la Paix, Arras"),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        error_messages={"required": _("Écrivez votre adresse.")},
    )


class CandidateForm(DsfrForm):
    """One of the addresses that were found: `candidates` are (signed value, label).

    `typed` is what was asked of the service: nothing has to be written again after an error.
    """

    typed = forms.CharField(max_length=LONGEST, widget=forms.HiddenInput)
    candidate = forms.ChoiceField(
        label=_("Laquelle est la vôtre ?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez votre adresse."),
            "invalid_choice": _("Choisissez votre adresse."),
        },
    )

    def __init__(self, *args: Any, candidates: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["candidate"].choices = candidates  # type: ignore[attr-defined]


class CommuneForm(DsfrForm):
    """`communes` are (INSEE code, name)."""

    commune = forms.ChoiceField(
        label=_("Votre commune"),
        error_messages={
            "required": _("Choisissez votre commune."),
            "invalid_choice": _("Choisissez votre commune."),
        },
    )

    def __init__(self, *args: Any, communes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choisissez")), *communes, (ELSEWHERE, _("Une autre commune"))]
        self.fields["commune"].choices = choices  # type: ignore[attr-defined]


class PersonAddressForm(BookingAddressForm):
    """The same, of somebody whom an agent or a prescripteur sends."""

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


class AddressForms(NamedTuple):
    """The three forms of one page, and its words when the service knows no such address."""

    address: type[BookingAddressForm]
    candidate: type[CandidateForm]
    commune: type[CommuneForm]
    not_found: Any


PUBLIC = AddressForms(
    BookingAddressForm,
    CandidateForm,
    CommuneForm,
    _("Nous ne trouvons pas cette adresse. Corrigez-la, ou choisissez votre commune plus bas."),
)
OF_SOMEBODY = AddressForms(
    PersonAddressForm,
    PersonCandidateForm,
    PersonCommuneForm,
    _("Nous ne trouvons pas cette adresse. Corrigez-la, ou choisissez la commune plus bas."),
)
