"""A sector, a zone, an attribution, zones to remove: what is typed in « Espace admin »."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agents.queries.sector_list import ReceiverGroup


class SectorForm(DsfrForm):
    name = forms.CharField(
        label=_("Nom du secteur"), max_length=120, help_text=_("Exemple : Arras nord.")
    )
    human_id = forms.CharField(
        label=_("Identifiant"),
        max_length=60,
        help_text=_(
            "Le nom du secteur dans les fichiers : minuscules, chiffres et tirets. "
            "Exemple : arras-nord."
        ),
    )


class ZoneForm(DsfrForm):
    city_name = forms.CharField(label=_("Commune"), max_length=120)
    city_code = forms.CharField(
        label=_("Code INSEE"), max_length=5, help_text=_("Cinq signes, comme 62041.")
    )
    street_name = forms.CharField(
        label=_("Rue"),
        max_length=200,
        required=False,
        help_text=_("Laissez vide pour toute la commune."),
    )
    street_code = forms.CharField(
        label=_("Identifiant de la rue"),
        max_length=30,
        required=False,
        help_text=_("Celui de la Base Adresse Nationale, comme 62041_0270."),
    )

    def clean_city_code(self) -> str:
        return str(self.cleaned_data["city_code"]).upper()

    def clean_street_code(self) -> str:
        return street_key(self.cleaned_data["street_code"])


class ReceiverForm(DsfrForm):
    receiver = forms.ChoiceField(
        label=_("Qui reçoit les personnes du secteur ?"),
        error_messages={
            "required": _("Choisissez une organisation ou un agent."),
            "invalid_choice": _("Ce choix n’est plus possible. Rechargez la page."),
        },
    )

    def __init__(self, *args: Any, groups: Iterable[ReceiverGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(group.name, list(group.choices)) for group in groups]
        self.fields["receiver"].choices = [("", _("Choisissez")), *choices]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> tuple[UUID, UUID | None]:
        """Return (organisation, agent or None), once valid."""
        organisation, _slash, agent = self.cleaned_data["receiver"].partition("/")
        return UUID(organisation), UUID(agent) if agent else None


def street_key(typed: str) -> str:
    """Return an identifier of the BAN as it is kept: 2A004_0a70."""
    return f"{typed[:5].upper()}{typed[5:].lower()}"


def uuids_of(values: Iterable[str]) -> list[UUID]:
    """Return those that can be read; a forged one names nothing."""
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
