"""The pages of « Votre compte » (A08)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm
from usagers.forms.booking_identity import AddressField
from usagers.forms.usager_edit import UsagerForm
from usagers.models import Language
from usagers.rules.fiche_fields import CERTIFIED
from usagers.services.usager_fields import NewUsager

if TYPE_CHECKING:
    from rdv.accounts.models import Account
    from usagers.models import Usager

# What a browser may fill in (RGAA 11.13).
_AUTOCOMPLETE = {
    "last_name": "family-name",
    "first_name": "given-name",
    "birth_date": "bday",
    "phone_number": "tel",
    "address": "street-address",
    "post_code": "postal-code",
    "city_name": "address-level2",
}


class OwnInformationForm(UsagerForm):
    """One's own fiche, as its territoire shows it. Notes and case number are the agents'."""

    def __init__(self, *args: Any, usager: Usager, **kwargs: Any) -> None:
        super().__init__(*args, has_notes=False, **kwargs)
        for name in {"email", "case_number"} & set(self.fields):
            del self.fields[name]
        for name, field in self.fields.items():
            field.widget.attrs["autocomplete"] = _AUTOCOMPLETE.get(name, "off")
        if usager.identity_certified_at is not None:
            for name in set(CERTIFIED) & set(self.fields):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Certifié par FranceConnect : ne change pas.")

    def new_values(self) -> NewUsager:
        """Return what was typed, once the form is valid."""
        return NewUsager(**self.cleaned_data)


class PreferencesForm(DsfrForm):
    notifies_by_email = forms.BooleanField(label=_("Par e-mail"), required=False)
    notifies_by_sms = forms.BooleanField(
        label=_("Par SMS"),
        help_text=_("Si votre numéro est celui d’un mobile."),
        required=False,
    )
    language = forms.ChoiceField(
        label=_("Langue des messages et des pages"),
        choices=Language.choices,
        widget=forms.RadioSelect(),
    )


class NewAddressForm(DsfrForm):
    email = AddressField(label=_("Nouvelle adresse e-mail"))


class PasswordForm(DsfrForm):
    """A new password, twice; the present one when there is one and no code was just read."""

    def __init__(self, *args: Any, account: Account, asks_current: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        if asks_current:
            self.fields["current"] = _password(_("Mot de passe actuel"), "current-password")
        self.fields["new"] = _password(_("Nouveau mot de passe"), "new-password")
        self.fields["new"].help_text = _(
            "12 caractères au moins, dont un chiffre, une majuscule et un signe de ponctuation."
        )
        self.fields["again"] = _password(
            _("Nouveau mot de passe, une seconde fois"), "new-password"
        )

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.account)
        return new

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "new" in data and "again" in data and data["new"] != data["again"]:
            self.add_error("again", _("Les deux mots de passe ne sont pas les mêmes."))
        return data


class PasswordRemoveForm(DsfrForm):
    def __init__(self, *args: Any, asks_current: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_current:
            self.fields["current"] = _password(_("Mot de passe actuel"), "current-password")


class AccountEndForm(DsfrForm):
    """The box to tick when RDVs would be cancelled."""

    accepts_cancelling = forms.BooleanField(
        label=_("J’annule ces rendez-vous. Les services seront prévenus."), required=False
    )
    understood = forms.BooleanField(
        label=_("J’ai compris que mes informations seront effacées."),
        error_messages={"required": _("Cochez la case pour supprimer votre compte.")},
    )

    def __init__(self, *args: Any, has_rdvs: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_rdvs:
            del self.fields["accepts_cancelling"]


def _password(label: Any, autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": autocomplete}),
    )
