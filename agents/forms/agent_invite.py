from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.models import Level
from rdv.common.forms import DsfrForm

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agents.models import Organisation

Choices = list[tuple[str, str]]


def level_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Niveau"),
        help_text=_(
            "Basique : prend et suit des RDV. Administrateur : règle aussi l’organisation, "
            "ses motifs, ses lieux et ses agents."
        ),
        widget=forms.RadioSelect(),
        error_messages={"invalid_choice": _("Vous ne pouvez pas donner ce niveau.")},
    )


def services_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Services"),
        help_text=_("Ils décident des agendas et des motifs que la personne voit."),
        widget=forms.CheckboxSelectMultiple(),
        error_messages={
            "required": _("Cochez au moins un service."),
            "invalid_choice": _("Un des services n’est pas actif dans ce territoire."),
        },
    )


def give_choices(field: forms.Field, choices: Choices) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def intervenant_name_field(*, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=_("Nom de l’intervenant"),
        help_text=_("Une personne ou un guichet. Exemples : Maître Durand, Guichet 2."),
        max_length=80,
        required=required,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class AgentInviteForm(DsfrForm):
    """An intervenant, who never signs in, has a name in place of an address.

    They are among the levels of one organisation, for who may create them.
    """

    email = forms.EmailField(
        label=_("Adresse e-mail professionnelle"),
        help_text=_(
            "La personne y recevra un lien, valable 7 jours. Exemple : prenom.nom@mairie.fr"
        ),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    organisations = forms.MultipleChoiceField(
        label=_("Organisations"),
        widget=forms.CheckboxSelectMultiple(),
        error_messages={
            "required": _("Cochez au moins une organisation."),
            "invalid_choice": _("Vous ne pouvez pas inviter dans une de ces organisations."),
        },
    )
    level = level_field()
    last_name = intervenant_name_field(required=False)
    services = services_field()
    field_order = ("organisations", "level", "email", "last_name", "services")

    def __init__(
        self,
        *args: Any,
        organisations: Sequence[Organisation],
        levels: Choices,
        services: Choices,
        **kwargs: Any,
    ) -> None:
        """With one organisation, there is nothing to choose."""
        super().__init__(*args, **kwargs)
        self._only = organisations[0] if len(organisations) == 1 else None
        if self._only is not None:
            del self.fields["organisations"]
        else:
            give_choices(
                self.fields["organisations"], [(str(row.uuid), row.name) for row in organisations]
            )
        give_choices(self.fields["level"], levels)
        give_choices(self.fields["services"], services)
        self.fields["level"].initial = Level.BASIQUE
        if len(services) == 1:
            self.fields["services"].initial = [services[0][0]]
        if str(Level.INTERVENANT) not in dict(levels):
            del self.fields["last_name"]
        elif self.data.get("level") == Level.INTERVENANT:
            self.fields["email"].required = False
            self.fields["last_name"].required = True

    @property
    def is_intervenant(self) -> bool:
        """Say what a valid form asks for: an intervenant, or an invitation."""
        return bool(self.cleaned_data["level"] == Level.INTERVENANT)

    def chosen_organisations(self) -> Iterable[str]:
        if self._only is not None:
            return [str(self._only.uuid)]
        found: list[str] = self.cleaned_data["organisations"]
        return found
