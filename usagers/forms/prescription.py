"""Who sends somebody, the code of their address, and whom they send (B01, decision 22)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rdv.common.forms import DsfrForm, PhoneField
from rdv.common.phones import is_mobile
from usagers.forms.booking_identity import AddressField

if TYPE_CHECKING:
    from usagers.forms.booking_company import Asked

NAME_LENGTH = 80


def _name(label: Any, missing: Any, autocomplete: str = "off") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=NAME_LENGTH,
        widget=forms.TextInput({"autocomplete": autocomplete, "spellcheck": "false"}),
        error_messages={"required": missing},
    )


class PartnerForm(DsfrForm):
    first_name = _name(
        gettext_lazy("Votre prénom"), gettext_lazy("Écrivez votre prénom."), "given-name"
    )
    last_name = _name(gettext_lazy("Votre nom"), gettext_lazy("Écrivez votre nom."), "family-name")
    email = AddressField(label=gettext_lazy("Votre adresse e-mail professionnelle"))
    phone_number = PhoneField(
        label=gettext_lazy("Votre téléphone"),
        required=False,
        help_text=gettext_lazy("Pour que le service puisse vous joindre. Exemple : 06 39 98 12 34"),
    )


class PartnerCodeForm(DsfrForm):
    code = forms.CharField(
        label=gettext_lazy("Code reçu par e-mail"),
        help_text=gettext_lazy("Six chiffres."),
        max_length=12,
        widget=forms.TextInput(
            {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "rdv-letters"}
        ),
        error_messages={"required": gettext_lazy("Recopiez les six chiffres du message.")},
    )


class BeneficiaryForm(DsfrForm):
    """Asks what `asked` says. With `warns`, nobody is left untold without having been asked."""

    last_name = _name(
        gettext_lazy("Nom du bénéficiaire"), gettext_lazy("Écrivez le nom du bénéficiaire.")
    )
    first_name = _name(
        gettext_lazy("Prénom du bénéficiaire"), gettext_lazy("Écrivez le prénom du bénéficiaire.")
    )
    phone_number = PhoneField(
        label=gettext_lazy("Téléphone du bénéficiaire"),
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "off"}),
        help_text=gettext_lazy("Avec un mobile, il reçoit un SMS. Un fixe sert à l’appeler."),
    )
    email = AddressField(
        label=gettext_lazy("Adresse e-mail du bénéficiaire"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    untold = forms.BooleanField(
        label=gettext_lazy("Je préviens moi-même le bénéficiaire"), required=False
    )

    def __init__(self, *args: Any, asked: Asked, warns: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.warns = asked, warns
        self.shows_warning = False
        if asked.phone:
            phone = self.fields["phone_number"]
            phone.required = True
            phone.error_messages["required"] = _("Écrivez le numéro à appeler.")
            phone.help_text = _("Le service appelle à ce numéro.")
        if asked.address:
            self.fields["address"] = forms.CharField(
                label=_("Adresse où le service vient"),
                help_text=_("Numéro, rue, code postal et commune."),
                max_length=250,
                error_messages={"required": _("Écrivez l’adresse où le service doit venir.")},
            )
        if asked.needs:
            self.fields["needs"] = forms.MultipleChoiceField(
                label=_("De quoi le bénéficiaire a-t-il besoin pour ce rendez-vous ?"),
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

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.warns or "email" in self.errors or "phone_number" in self.errors:
            return data
        phone = data.get("phone_number", "")
        is_told = bool(data.get("email")) or (bool(phone) and is_mobile(phone))
        if not is_told:
            self.shows_warning = True
            if not data.get("untold"):
                self.add_error(
                    "untold",
                    _(
                        "Sans mobile ni adresse e-mail, le bénéficiaire ne reçoit aucun message. "
                        "Ajoutez-en un, ou cochez cette case pour confirmer quand même."
                    ),
                )
        return data
