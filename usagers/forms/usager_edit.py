from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DateInput, DsfrForm, PhoneField
from usagers.models import MAX_CHILDREN, Caisse, FamilySituation, Logement
from usagers.rules.email_address import clean_address
from usagers.rules.fiche_fields import CERTIFIED, columns_hidden, refusal_of_birth_date

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from usagers.models import Usager

_UNKNOWN = [("", _("Non renseigné"))]


class AddressField(forms.EmailField):
    """An e-mail address, its commonest slips repaired."""

    def to_python(self, value: Any) -> str:
        return clean_address(super().to_python(value) or "")


class UsagerForm(DsfrForm):
    """A fiche, as its territoire shows it; only the names are required (F01).

    `switches` are those of the territoire: the other fields do not exist, and a value posted for
    one of them is refused.
    """

    last_name = forms.CharField(label=_("Nom d’usage"), max_length=80)
    first_name = forms.CharField(label=_("Prénom"), max_length=80)
    birth_name = forms.CharField(label=_("Nom de naissance"), max_length=80, required=False)
    birth_date = forms.DateField(label=_("Date de naissance"), widget=DateInput(), required=False)
    phone_number = PhoneField(
        label=_("Téléphone"),
        help_text=_("Un mobile reçoit les SMS. Exemple : 06 39 98 12 34."),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    email = AddressField(label=_("Adresse e-mail"), max_length=254, required=False)
    address = forms.CharField(label=_("Adresse"), max_length=250, required=False)
    address_details = forms.CharField(
        label=_("Complément d’adresse"),
        help_text=_("Bâtiment, étage, « chez… »."),
        max_length=250,
        required=False,
    )
    post_code = forms.RegexField(
        r"^\d{5}$",
        label=_("Code postal"),
        required=False,
        error_messages={"invalid": _("Un code postal a cinq chiffres.")},
    )
    city_name = forms.CharField(label=_("Commune"), max_length=80, required=False)
    caisse = forms.ChoiceField(
        label=_("Caisse d’affiliation"), choices=[*_UNKNOWN, *Caisse.choices], required=False
    )
    affiliation_number = forms.CharField(
        label=_("Numéro d’allocataire"), max_length=30, required=False
    )
    family_situation = forms.ChoiceField(
        label=_("Situation familiale"),
        choices=[*_UNKNOWN, *FamilySituation.choices],
        required=False,
    )
    number_of_children = forms.IntegerField(
        label=_("Nombre d’enfants"), min_value=0, max_value=MAX_CHILDREN, required=False
    )
    logement = forms.ChoiceField(
        label=_("Logement"), choices=[*_UNKNOWN, *Logement.choices], required=False
    )
    case_number = forms.CharField(label=_("Numéro de dossier"), max_length=40, required=False)
    notes = forms.CharField(
        label=_("Notes"),
        help_text=_("Lues par les agents de l’organisation, jamais par l’usager."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        required=False,
    )

    def __init__(
        self, *args: Any, switches: Collection[str], today: date, has_notes: bool = True, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.today = today
        hidden = {*columns_hidden(switches), *(() if has_notes else ("notes",))}
        self._hidden = hidden
        for name in hidden:
            del self.fields[name]
        # It is not the agent's own identity: the browser must not offer it.
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    @property
    def social_fields(self) -> list[forms.BoundField]:
        names = (
            "caisse",
            "affiliation_number",
            "family_situation",
            "number_of_children",
            "logement",
            "case_number",
        )
        return [self[name] for name in names if name in self.fields]

    def clean_birth_date(self) -> date | None:
        day: date | None = self.cleaned_data["birth_date"]
        refusal = refusal_of_birth_date(day, today=self.today)
        if refusal:
            raise forms.ValidationError(refusal)
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if any(self.data.get(self.add_prefix(name)) for name in self._hidden):
            raise forms.ValidationError(
                _now("Un champ envoyé n’existe pas dans votre territoire. Rechargez la page.")
            )
        return cleaned


class UsagerEditForm(UsagerForm):
    """The fiche of somebody who exists: what is theirs alone to change is shown, and locked.

    Their identity once FranceConnect certified it; their e-mail and preferences once they have an
    account (agents would take the account over by changing its address).
    """

    notifies_by_email = forms.BooleanField(label=_("Prévenir par e-mail"), required=False)
    notifies_by_sms = forms.BooleanField(label=_("Prévenir par SMS"), required=False)

    def __init__(self, *args: Any, usager: Usager, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if usager.identity_certified_at is not None:
            self._lock(CERTIFIED, _("Identité certifiée par FranceConnect : elle ne change pas."))
        if usager.account_id is not None:
            self._lock(
                ("email",),
                _("Cette personne a un compte : elle seule change son adresse, dans son espace."),
            )
            self._lock(
                ("notifies_by_email", "notifies_by_sms"),
                _("Cette personne a un compte : elle seule change ce choix, dans son espace."),
            )
        if usager.responsable_id is not None:
            # Messages go to the responsable: a proche has no preferences.
            del self.fields["notifies_by_email"], self.fields["notifies_by_sms"]

    def _lock(self, names: Collection[str], why: Any) -> None:
        for name in names:
            if name in self.fields:
                self.fields[name].disabled = True
                self.fields[name].help_text = why
