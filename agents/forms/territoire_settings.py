from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm, PhoneField
from rdv.common.timezones import HolidayZone, Zone


class TerritoireSettingsForm(DsfrForm):
    """`has_planning`: the time zone is shown, and stays."""

    name = forms.CharField(
        label=_("Nom du territoire"),
        help_text=_("Lu par les usagers. Exemple : Département de l’Aisne, Ville d’Arras."),
        max_length=120,
    )
    phone_number = PhoneField(
        label=_("Téléphone"),
        help_text=_("Donné aux usagers quand ni le lieu ni l’organisation n’en ont."),
        required=False,
    )
    email = forms.EmailField(
        label=_("Adresse e-mail"),
        help_text=_("Donnée aux usagers quand l’organisation n’en a pas."),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    timezone = forms.ChoiceField(
        label=_("Fuseau horaire"),
        help_text=_("Les heures de toutes les pages et de tous les messages sont les siennes."),
        choices=Zone.choices,
    )
    holiday_zone = forms.ChoiceField(
        label=_("Jours fériés"),
        help_text=_(
            "Ces jours-là, aucun créneau n’est proposé, sauf par les plages ouvertes les jours "
            "fériés. Les RDV déjà pris restent."
        ),
        choices=HolidayZone.choices,
    )
    searches_across_organisations = forms.BooleanField(
        label=_("Chercher les usagers dans toutes les organisations"),
        help_text=_(
            "Un agent retrouve, en partie masquées, les fiches des autres organisations du "
            "territoire, et évite les doublons. Sinon il ne voit que celles de la sienne."
        ),
        required=False,
    )
    shows_rdv_context = forms.BooleanField(
        label=_("Champ « Contexte » sur les RDV"),
        help_text=_("Une note lue par les agents seulement. Masquée, elle n’est pas effacée."),
        required=False,
    )
    mails_arrivals = forms.BooleanField(
        label=_("Prévenir par e-mail de l’arrivée d’un usager"),
        help_text=_(
            "Quand l’accueil note « Arrivé », les agents du RDV reçoivent un e-mail, sauf celui "
            "qui l’a noté."
        ),
        required=False,
    )
    colours_arrivals = forms.BooleanField(
        label=_("Signaler l’arrivée dans l’agenda"),
        help_text=_("Le RDV porte la marque « Arrivé » dans les agendas."),
        required=False,
    )

    def __init__(self, *args: Any, has_planning: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_planning:
            self.fields["timezone"].disabled = True
            self.fields["timezone"].help_text = _(
                "Des plages ou des RDV existent : changer de fuseau déplacerait leurs heures. "
                "Écrivez à l’assistance si le fuseau est faux."
            )
